import type { Clock } from '../base/clock.ts';
import type { Problem } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../config/settings/settings.ts';
import type { Rule } from '../core/rules/rule.ts';

/** What a runtime is made of: settings and rules, and what it needs of the process. */
export interface RuntimeOptions {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  /** Problems of the files that the settings and rules came from: warnings, or errors behind which the last good files stand. */
  readonly problems: readonly Problem[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly newId: () => string;
  /** What another process that waits for the store is told: `tocsin run`. */
  readonly command: string;
}
