import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createAgents } from '../../../src/kubernetes/session/agent.ts';
import { type Answer, bytesOf, exchange } from '../../../src/kubernetes/session/exchange.ts';

const tls = (name: string) => readFileSync(new URL(`../../fixtures/tls/localhost.${name}`, import.meta.url));

/** Sends requests to a server that answers each with what `answer` writes. */
async function connectedTo(answer: (socket: Socket) => void, over: 'tcp' | 'tls' = 'tls', ca = tls('crt').toString()) {
  const sockets: Socket[] = [];
  const onSocket = (socket: Socket) => {
    sockets.push(socket.setNoDelay());
    socket.on('error', () => undefined);
    socket.on('data', () => answer(socket));
  };
  const server: Server =
    over === 'tcp' ? createTcpServer(onSocket) : createTlsServer({ key: tls('key'), cert: tls('crt') }, onSocket);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const material = { ca, cert: null, key: null, servername: null, rejectUnauthorized: true };
  const { brief, open, reads } = createAgents({ headers: {}, tls: material, proxy: null }, { brief: 1, open: 1 });
  const request = { origin: `${over === 'tcp' ? 'http' : 'https'}://127.0.0.1:${port}`, path: '/', method: 'GET' as const };
  return {
    sockets,
    send<T>(use: (answer: Answer) => Promise<T>, signal = new AbortController().signal): Promise<T> {
      return exchange({ dispatcher: brief, request, onTaken: () => reads.taken() }, signal, use);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([brief.destroy(), open.destroy()]);
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const LARGE = Buffer.from(Array.from({ length: 40_000 }, (_, line) => `line ${line} of many\n`).join(''));
const textOf = async (body: Answer['body']) => (await bytesOf(body)).toString();
const whole = ({ body }: Answer) => textOf(body);

for (const over of ['tcp', 'tls'] as const) {
  test(`a large answer over ${over} comes whole, and the connection is kept`, async () => {
    await using on = await connectedTo((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${LARGE.length}\r\n\r\n`);
      socket.write(LARGE);
    }, over);
    for (let request = 0; request < 3; request++) assert.equal(await on.send(whole), LARGE.toString());
    assert.equal(on.sockets.length, 1);
  });
}

test('certificates that cannot be read fail each request, and nothing else', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n';
  await using on = await connectedTo(() => undefined, 'tls', broken);
  for (let request = 0; request < 2; request++) await assert.rejects(on.send(whole));
  assert.equal(on.sockets.length, 0);
});

test('a head that comes in pieces is read whole', async () => {
  const head = 'HTTP/1.1 429 Too Many Requests\r\nx-padding: abcdefgh\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno';
  await using on = await connectedTo((socket) => {
    let at = 0;
    const more = () => {
      socket.write(head.slice(at, at + 1));
      if (++at < head.length) setImmediate(more);
    };
    more();
  });
  const got = await on.send(async ({ status, headers, body }) => [status, headers['retry-after'], await textOf(body)]);
  assert.deepEqual(got, [429, '7', 'no']);
});

test('chunks are put together, wherever they are cut', async () => {
  const chunked = ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'];
  for (let at = 0; at < 200; at += 7) {
    const part = LARGE.toString('latin1', at, Math.min(at + 7, 200));
    chunked.push(`${part.length.toString(16)}\r\n${part}\r\n`);
  }
  const bytes = `${chunked.join('')}0\r\n\r\n`;
  let cut = 1;
  await using on = await connectedTo((socket) => {
    socket.write(bytes.slice(0, cut));
    setImmediate(() => socket.write(bytes.slice(cut)));
  });
  for (; cut < bytes.length; cut += 3) assert.equal(await on.send(whole), LARGE.toString('latin1', 0, 200));
  assert.equal(on.sockets.length, 1);
});

for (const end of ['content-length', 'the end of the connection'] as const) {
  test(`a taker that takes its time gets everything in order, up to ${end}`, async () => {
    await using on = await connectedTo((socket) => {
      const length = end === 'content-length' ? `content-length: ${LARGE.length}` : 'connection: close';
      socket.write(`HTTP/1.1 200 OK\r\n${length}\r\n\r\n`);
      if (end === 'content-length') socket.write(LARGE);
      else socket.end(LARGE);
    });
    const got: Buffer[] = [];
    let isTaking = false;
    await on.send(({ body }) =>
      body.each(async (bytes) => {
        assert.equal(isTaking, false, 'one call at a time');
        got.push(Buffer.from(bytes));
        isTaking = true;
        await new Promise(setImmediate);
        isTaking = false;
        return true;
      }),
    );
    assert.ok(Buffer.concat(got).equals(LARGE));
  });
}

test('a body that is asked for later waits', async () => {
  await using on = await connectedTo((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nlater'));
  const late = async ({ body }: Answer) => {
    await new Promise(setImmediate);
    return textOf(body);
  };
  assert.equal(await on.send(late), 'later');
  assert.equal(await on.send(late), 'later');
});

test('a slow taker holds the sender back', async () => {
  const endless = Buffer.alloc(1024 * 1024, 'x');
  let sent = 0;
  await using on = await connectedTo((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
    const more = () => {
      for (let fits = true; fits && sent < 64; sent++) fits = socket.write(endless);
    };
    socket.on('drain', more);
    more();
  });
  const stop = new AbortController();
  const taken = Promise.withResolvers<void>();
  const reading = on.send(
    ({ body }) =>
      body.each(async () => {
        taken.resolve();
        await once(stop.signal, 'abort');
        return true;
      }),
    stop.signal,
  );
  await taken.promise;
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  assert.ok(sent < 32, `${sent} MiB were sent`);
  stop.abort();
  await assert.rejects(reading, { name: 'AbortError' });
});

test('who has enough closes the connection, and the next request has another', async () => {
  await using on = await connectedTo((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome'));
  await on.send(({ body }) => body.each(() => false));
  await on.send(({ body }) => body.each(async () => false));
  await on.send(async () => undefined);
  assert.equal(on.sockets.length, 3);
});

test('what the taker throws ends the answer, at once or later', async () => {
  await using on = await connectedTo((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome'));
  const fail = () => {
    throw new Error('no');
  };
  await assert.rejects(
    on.send(({ body }) => body.each(fail)),
    { message: 'no' },
  );
  await assert.rejects(
    on.send(({ body }) => body.each(async () => fail())),
    { message: 'no' },
  );
});

test('an answer that breaks off is told after what came of it', async () => {
  await using on = await connectedTo((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome');
    setImmediate(() => socket.destroy());
  });
  let got = '';
  const reading = on.send(({ body }) =>
    body.each((bytes) => {
      got += String(bytes);
      return true;
    }),
  );
  await assert.rejects(reading);
  assert.equal(got, 'some');
});

test('a request that is aborted while it waits for a connection ends at once', async () => {
  await using on = await connectedTo(() => undefined);
  const [first, second] = [new AbortController(), new AbortController()];
  const sent = on.send(whole, first.signal);
  const waiting = on.send(whole, second.signal);
  second.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  first.abort();
  await assert.rejects(sent, { name: 'AbortError' });
});
