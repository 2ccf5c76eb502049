import { createHash } from 'node:crypto';
import { object } from '../base/schema/object.ts';
import type { Value } from '../base/schema/type.ts';
import { Secret } from '../base/secret.ts';
import type { Notification } from '../core/model/notification.ts';
import { type HttpAnswer, httpPost, httpProblem, outcomeOf, outcomeOfError } from './http-post.ts';
import { messageOf } from './message.ts';
import type { Notifier, Outcome } from './notifier.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { secretFields, secretSetting, withOneOf } from './secret-setting.ts';
import { slackMessage } from './slack-message.ts';

const type = withOneOf(object(secretFields('webhook_url', 'the URL of a Slack incoming webhook')), 'webhook_url');

/** Slack, through an incoming webhook. */
export const slack: ReceiverKind<Value<typeof type>> = {
  kind: 'slack',
  description: 'A Slack channel, through an incoming webhook.',
  type,
  address: 'webhook_url',
  secrets: (spec) => ({ webhook_url: secretSetting(spec.webhook_url, spec.webhook_url_file) }),
  problem: (secrets) => httpProblem('webhook_url', secrets['webhook_url']),
  create: (_spec, { receiver, secrets }) => new SlackNotifier(receiver, secrets['webhook_url'] ?? new Secret('')),
};

/** Slack takes about one message a second per webhook. */
const PACE = 1_000;

class SlackNotifier implements Notifier {
  readonly receiver: string;
  readonly pace: { readonly key: string; readonly interval: number };
  readonly #url: Secret;

  constructor(receiver: string, url: Secret) {
    this.receiver = receiver;
    this.#url = url;
    // Equal for equal webhooks, and says nothing about them.
    this.pace = { key: `slack:${createHash('sha256').update(url.reveal()).digest('hex')}`, interval: PACE };
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const { IncomingWebhook } = await import('@slack/webhook');
    const { blocks, ...message } = slackMessage(messageOf(notification));
    const seen: { answer?: HttpAnswer; error?: unknown } = {};
    // The library knows neither Retry-After nor an abort, and hides what the network said: it gets our own way to post.
    const webhook = new IncomingWebhook(this.#url.reveal(), {
      fetch: async (url, init) => {
        try {
          seen.answer = await httpPost(String(url), { body: String(init?.body), headers: { ...init?.headers }, signal });
        } catch (error) {
          seen.error = error;
          throw error;
        }
        return new Response(seen.answer.body, { status: seen.answer.status });
      },
    });
    try {
      await webhook.send({ ...message, blocks: [...blocks] });
      return { kind: 'accepted' };
    } catch (error) {
      return seen.answer === undefined ? outcomeOfError(seen.error ?? error, [this.#url]) : outcomeOf(seen.answer, [this.#url]);
    }
  }
}
