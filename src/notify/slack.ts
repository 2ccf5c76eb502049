import { object } from '../base/schema/object.ts';
import type { Value } from '../base/schema/type.ts';
import { httpProblem } from './http-post.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { secretFields, secretSetting, withOneOf } from './secret-setting.ts';

const type = withOneOf(object(secretFields('webhook_url', 'the URL of a Slack incoming webhook')), 'webhook_url');

/** Slack, through an incoming webhook. */
export const slack: ReceiverKind<Value<typeof type>> = {
  kind: 'slack',
  description: 'A Slack channel, through an incoming webhook.',
  type,
  address: 'webhook_url',
  secrets: (spec) => ({ webhook_url: secretSetting(spec.webhook_url, spec.webhook_url_file) }),
  problem: (secrets) => httpProblem('webhook_url', secrets['webhook_url']),
  create: (_spec, context) => ({
    receiver: context.receiver,
    send: async () => ({ kind: 'retry', message: 'not built yet', retryAfterMs: null }),
  }),
};
