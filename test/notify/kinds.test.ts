import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as kinds from '../../src/notify/kinds.ts';
import { type Behaviour, notifierContract, type Rig, SECRET } from '../contract/notifier.contract.ts';
import { httpReceiver } from './http-receiver.ts';
import { reply, smtpReceiver } from './smtp-receiver.ts';

/** A receiver of each registered kind. A new kind needs a line here. */
const RIGS: Readonly<Record<keyof typeof kinds, (behaviour: Behaviour) => Promise<Rig>>> = {
  slack: (behaviour) => httpRig(behaviour, (url) => ({ secrets: { webhook_url: `${url}/services/T1/B1/${SECRET}` } })),
  webhook: (behaviour) =>
    httpRig(behaviour, (url) => ({ secrets: { url: `${url}/hook?key=${SECRET}`, 'headers.Authorization': `Bearer ${SECRET}` } })),
  email: smtpRig,
};

notifierContract(kinds.slack, RIGS.slack);
notifierContract(kinds.webhook, RIGS.webhook);
notifierContract(kinds.email, RIGS.email);

test('every kind is registered under its own name', () => {
  for (const [name, kind] of Object.entries(kinds)) assert.equal(kind.kind, name);
  assert.deepEqual(Object.keys(RIGS).toSorted(), Object.keys(kinds).toSorted());
});

async function httpRig(behaviour: Behaviour, settings: (url: string) => { readonly secrets: Rig['secrets'] }): Promise<Rig> {
  let taken = 0;
  const server = await httpReceiver((response, request) => {
    // A receiver that repeats what it was told must not make us repeat it.
    const echo = `${request.path} ${request.headers.authorization ?? ''}`;
    if (behaviour === 'takes') taken++;
    if (behaviour === 'takes') response.end('ok');
    else if (behaviour === 'is busy') response.writeHead(503).end(`busy ${echo}`);
    else if (behaviour === 'refuses') response.writeHead(404).end(`no_service ${echo}`);
    else if (behaviour === 'drops') response.destroy();
  });
  const rig = {
    ...settings(server.url),
    settings: {},
    taken: () => taken,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  if (behaviour !== 'is not there') return rig;
  await rig[Symbol.asyncDispose]();
  return { ...rig, async [Symbol.asyncDispose]() {} };
}

async function smtpRig(behaviour: Behaviour): Promise<Rig> {
  const server = await smtpReceiver({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => done(null, { user: username }),
    onMailFrom(_, session, done) {
      if (behaviour === 'is busy') done(reply(451, `busy ${SECRET}`));
      else if (behaviour === 'refuses') done(reply(550, `go away ${SECRET} ${session.user}`));
      else if (behaviour === 'takes') done();
      else if (behaviour === 'drops') done(reply(421, 'gone'));
    },
  });
  const rig: Rig = {
    settings: { from: 'tocsin@example.com', to: ['ops@example.com'] },
    secrets: { smtp: `smtp://tocsin:${SECRET}@127.0.0.1:${server.port}` },
    taken: () => server.received.length,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  if (behaviour !== 'is not there') return rig;
  await rig[Symbol.asyncDispose]();
  return { ...rig, async [Symbol.asyncDispose]() {} };
}
