import { mapOf } from '../base/schema/collections.ts';
import { object, optional } from '../base/schema/object.ts';
import { text } from '../base/schema/scalars.ts';
import type { Value } from '../base/schema/type.ts';
import type { Notification } from '../core/model/notification.ts';
import { alertmanagerJson } from './alertmanager-json.ts';
import { httpPost, httpProblem, outcomeOf, outcomeOfError } from './http-post.ts';
import type { Notifier, Outcome } from './notifier.ts';
import type { ReceiverKind, SecretSetting, Secrets } from './receiver-kind.ts';
import { secretFields, secretSetting, withOneOf } from './secret-setting.ts';

const HEADER_NAME = { pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, expected: 'the name of an HTTP header' };

const type = withOneOf(
  object({
    ...secretFields('url', 'an http:// or https:// URL'),
    headers: optional(mapOf(text('the value of a header'), HEADER_NAME), new Map<string, string>()),
    headers_file: optional(mapOf(text('the path of a file'), HEADER_NAME), new Map<string, string>()),
  }),
  'url',
);

/** Any HTTP endpoint that takes what Alertmanager's webhook receiver sends. */
export const webhook: ReceiverKind<Value<typeof type>> = {
  kind: 'webhook',
  description: "An HTTP endpoint that takes Alertmanager's webhook JSON.",
  type,
  address: 'url',
  secrets(spec) {
    const secrets: Record<string, SecretSetting> = { url: secretSetting(spec.url, spec.url_file) };
    for (const [name, value] of spec.headers) secrets[`headers.${name}`] = secretSetting(value, null);
    for (const [name, file] of spec.headers_file) secrets[`headers.${name}`] = secretSetting(null, file);
    return secrets;
  },
  problem: (secrets) => httpProblem('url', secrets['url']),
  create: (_spec, { receiver, secrets }) => new WebhookNotifier(receiver, secrets),
};

class WebhookNotifier implements Notifier {
  readonly receiver: string;
  readonly #secrets: Secrets;

  constructor(receiver: string, secrets: Secrets) {
    this.receiver = receiver;
    this.#secrets = secrets;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const secrets = Object.values(this.#secrets);
    try {
      const body = JSON.stringify(alertmanagerJson(notification));
      const answer = await httpPost(this.#secrets['url']?.reveal() ?? '', { body, headers: this.#headers(), signal });
      return outcomeOf(answer, secrets);
    } catch (error) {
      return outcomeOfError(error, secrets);
    }
  }

  #headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'tocsin' };
    for (const [name, secret] of Object.entries(this.#secrets)) {
      // Header names are the same whatever their case; the settings' win.
      if (name.startsWith(HEADERS)) headers[name.slice(HEADERS.length).toLowerCase()] = secret.reveal();
    }
    return headers;
  }
}

const HEADERS = 'headers.';
