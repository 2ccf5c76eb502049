import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

export interface HttpReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** A real HTTP server on loopback that records what it gets; `answer` decides, by default 200 `ok`. */
export async function httpReceiver(
  answer: (response: ServerResponse, request: Received, count: number) => void = (response) => response.end('ok'),
): Promise<HttpReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { path: request.url ?? '', headers: request.headers, body, at: performance.now() };
    received.push(one);
    answer(response, one, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
