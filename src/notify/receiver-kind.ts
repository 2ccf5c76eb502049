import type { Type } from '../base/schema/type.ts';
import type { Secret } from '../base/secret.ts';
import type { Notifier } from './notifier.ts';

/** A secret setting as it was written: its text, or the file (its `_file` twin) that holds it. */
export interface SecretSetting {
  readonly text: string;
  /** Path of the file whose content, without the line end, is the secret; `null` when the text is. */
  readonly file: string | null;
}

/** Secrets by setting, such as `webhook_url` or `headers.Authorization`. */
export type Secrets = Readonly<Record<string, Secret>>;

/** What a notifier is made of, beside its settings. */
export interface ReceiverContext {
  /** The receiver's name in the settings. */
  readonly receiver: string;
  /** Every secret that {@link ReceiverKind.secrets} named, read. */
  readonly secrets: Secrets;
}

/** A kind of receiver: how it is written in the settings, and how its settings become a {@link Notifier}. */
export interface ReceiverKind<Spec = unknown> {
  /** The key in a receiver's settings. */
  readonly kind: string;
  /** One sentence for docs and editors. */
  readonly description: string;
  readonly type: Type<Spec>;
  /** The name of the secret that holds the address: where it is empty, the receiver is off. */
  readonly address: string;
  /** The secrets among the settings, to be read before {@link ReceiverKind.create}. */
  secrets(spec: Spec): Readonly<Record<string, SecretSetting>>;
  /** What is wrong with an address that is not empty, without showing it; `null` when it can be used. */
  problem(secrets: Secrets): string | null;
  /** A notifier for an address without a problem. Opens nothing and loads no package before the first message. */
  create(spec: Spec, context: ReceiverContext): Notifier;
}
