import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Findings, type Node } from '../../src/base/node.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Notifier, Outcome } from '../../src/notify/notifier.ts';
import type { ReceiverKind } from '../../src/notify/receiver-kind.ts';
import { alert, ended, notification, notified } from '../core/alerts/build-alert.ts';

/** What the receiver does with a message. */
export type Behaviour = 'takes' | 'is busy' | 'refuses' | 'hangs' | 'drops' | 'is not there';

/** A receiver of one kind for the contract: real, on loopback, with a secret in its address. */
export interface Rig extends AsyncDisposable {
  /** What a user would write, without the secret's text. */
  readonly settings: Readonly<Record<string, string | readonly string[]>>;
  /** By setting; each has {@link SECRET} in it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** How many messages it took. */
  taken(): number;
}

export const SECRET = 'T0PSECRETxyz';

/** What every kind of receiver must hold. */
export function notifierContract<Spec>(kind: ReceiverKind<Spec>, start: (behaviour: Behaviour) => Promise<Rig>): void {
  suite(`receiver kind ${kind.kind}`, () => {
    test('settings with an empty address decode, and the address is among the secrets', async () => {
      await using rig = await start('takes');
      const spec = decode(kind, { ...rig.settings, [kind.address]: '' });
      assert.ok(spec !== undefined);
      assert.equal(kind.secrets(spec)[kind.address]?.text, '');
    });

    test('settings without an address are a problem, and a _file stands for it', async () => {
      await using rig = await start('takes');
      assert.equal(decode(kind, rig.settings), undefined);
      const spec = decode(kind, { ...rig.settings, [`${kind.address}_file`]: '/run/secrets/address' });
      assert.ok(spec !== undefined);
      assert.equal(kind.secrets(spec)[kind.address]?.file, '/run/secrets/address');
    });

    test('a bad address is a problem that does not show it', () => {
      for (const bad of [`no url ${SECRET}`, `ftp://${SECRET}.example.com`]) {
        const problem = kind.problem({ [kind.address]: new Secret(bad) });
        assert.ok(problem !== null && !problem.includes(SECRET), String(problem));
      }
    });

    test('a message is taken once', async () => {
      await using rig = await start('takes');
      assert.deepEqual(await notifierOf(kind, rig).send(notification(), none()), { kind: 'accepted' });
      assert.equal(rig.taken(), 1);
    });

    test('every shape of message is taken', async () => {
      await using rig = await start('takes');
      const notifier = notifierOf(kind, rig);
      const over = notified(ended(alert(), '10:15'), { fresh: false });
      for (const fields of [
        { reason: 'repeat', firing: [notified(alert(), { fresh: false })] },
        { reason: 'resolved', firing: [], resolved: [over] },
        { firing: [], resolved: [] },
        { groups: [], notice: 'receiver x refuses messages' },
        { externalUrl: null, timezone: 'UTC' },
      ] as const)
        assert.deepEqual(await notifier.send(notification(fields), none()), { kind: 'accepted' });
    });

    for (const behaviour of ['is busy', 'drops', 'is not there'] as const)
      test(`a receiver that ${behaviour} is to be asked again`, async () => {
        await using rig = await start(behaviour);
        assert.equal((await notifierOf(kind, rig).send(notification(), none())).kind, 'retry');
        assert.equal(rig.taken(), 0);
      });

    test('a refusal is final', async () => {
      await using rig = await start('refuses');
      assert.equal((await notifierOf(kind, rig).send(notification(), none())).kind, 'refused');
    });

    test('an abort ends an attempt that hangs', async () => {
      await using rig = await start('hangs');
      assert.equal((await notifierOf(kind, rig).send(notification(), AbortSignal.timeout(100))).kind, 'retry');
    });

    test('no outcome and no notifier shows a secret', async () => {
      for (const behaviour of ['is busy', 'refuses', 'drops', 'is not there'] as const) {
        await using rig = await start(behaviour);
        const notifier = notifierOf(kind, rig);
        const outcome: Outcome = await notifier.send(notification(), none());
        assert.ok('message' in outcome && outcome.message.length > 3, 'and yet it says something');
        assert.ok(!JSON.stringify([outcome, notifier]).includes(SECRET), JSON.stringify(outcome));
      }
    });
  });
}

const none = () => new AbortController().signal;

function notifierOf<Spec>(kind: ReceiverKind<Spec>, rig: Rig): Notifier {
  const spec = decode(kind, { ...rig.settings, [kind.address]: rig.secrets[kind.address] ?? '' });
  assert.ok(spec !== undefined);
  const secrets = Object.fromEntries(Object.entries(rig.secrets).map(([name, text]) => [name, new Secret(text)]));
  assert.equal(kind.problem(secrets), null);
  return kind.create(spec, { receiver: 'under-test', secrets });
}

function decode<Spec>(kind: ReceiverKind<Spec>, settings: Rig['settings']): Spec | undefined {
  const at = { line: 1, column: 1 };
  const entries = Object.entries(settings).map(([key, value]) => {
    const node: Node =
      typeof value === 'string'
        ? { kind: 'scalar', value, at }
        : { kind: 'list', items: value.map((item) => ({ kind: 'scalar', value: item, at })), at };
    return { key, keyAt: at, value: node };
  });
  return kind.type.decode({ kind: 'map', entries, at }, new Findings('tocsin.yaml'));
}
