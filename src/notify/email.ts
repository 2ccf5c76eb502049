import { oneOrMany } from '../base/schema/collections.ts';
import { object, required } from '../base/schema/object.ts';
import { text } from '../base/schema/scalars.ts';
import { refine, type Value } from '../base/schema/type.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { secretFields, secretSetting, withOneOf } from './secret-setting.ts';
import { smtpProblem } from './smtp-url.ts';

const address = refine(text('a mail address'), (value, fail) =>
  /^[^\s@<>]+@[^\s@<>]+$|^[^\r\n<>]*<[^\s@<>]+@[^\s@<>]+>$/.test(value)
    ? value
    : fail(`${JSON.stringify(value)} is not a mail address`),
);

const type = withOneOf(
  object({
    ...secretFields('smtp', 'an smtps:// or smtp:// URL'),
    from: required(address),
    to: required(oneOrMany(address)),
  }),
  'smtp',
);

/** Mail, through an SMTP server. */
export const email: ReceiverKind<Value<typeof type>> = {
  kind: 'email',
  description: 'Mail, through an SMTP server.',
  type,
  address: 'smtp',
  secrets: (spec) => ({ smtp: secretSetting(spec.smtp, spec.smtp_file) }),
  problem: (secrets) => smtpProblem(secrets['smtp']),
  create: (_spec, context) => ({
    receiver: context.receiver,
    send: async () => ({ kind: 'retry', message: 'not built yet', retryAfterMs: null }),
  }),
};
