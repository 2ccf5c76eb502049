import { humanDuration, MINUTE, parseDuration } from '../../base/duration.ts';
import type { Problem } from '../../base/errors.ts';
import { compileGlob } from '../../base/glob.ts';
import type { Node } from '../../base/node.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { RulePlaces } from '../rules/rule-places.ts';
import type { Settings } from '../settings/settings.ts';

/** What of a rule surely does not do what was meant. `period` is that of the schedule, in milliseconds. */
export function ruleDoubts(
  rules: readonly Rule[],
  places: RulePlaces,
  { settings, period }: { readonly settings: Settings; readonly period: number | null },
): readonly Problem[] {
  const found: Problem[] = [];
  for (const rule of rules) {
    const tell = (path: readonly string[], message: string): void => {
      const { line, column } = places.at(rule, ...path);
      found.push({ file: rule.file, line, column, severity: 'warning', message: `rule ${rule.alert}: ${message}` });
    };
    const written = (key: string): string | null => text(places.find(rule, rule.condition.kind, key));
    const { kind } = rule.condition;
    if (kind === 'usage' && period !== null && rule.for > 0 && rule.for < period)
      tell(
        ['for'],
        `usage has one sample a cycle, so "for" shorter than the schedule's ${period / 1000} s waits for a second sample all the same`,
      );
    for (const key of SPANS) {
      const span = parseDuration(written(key) ?? '');
      if (span === null || kind === 'usage_trend' || span <= settings.store.window) continue;
      const window = humanDuration(settings.store.window);
      tell([kind, key], `"${key}" is longer than the window that is kept, ${window}: what is older is never seen`);
    }
    const share = SHARES.get(kind);
    if (share !== undefined && (percent(written(share)) ?? 0) >= 100)
      tell([kind, share], `no share is above 100%, so this is never true`);
    if (rule.selection.except.some((selector) => Object.values(selector).every((value) => value === null)))
      tell(['except'], 'an empty selector takes everything, so the rule applies to nothing');
    if (kind === 'probe') {
      const probe = written('name') ?? '*';
      const probes = settings.probes.filter(({ name }) => compileGlob(probe).matches(name));
      if (probe !== '*' && probes.length === 0)
        tell([kind, 'name'], `the settings have no probe "${probe}", so this is never judged`);
      const rare = probes.find(({ every }) => every > rarest(written('minutes')));
      if (rare !== undefined)
        tell(
          [kind, 'minutes'],
          `probe "${rare.name}" is checked every ${humanDuration(rare.every)}, too rarely for so many minutes with a check, so this is never true of it`,
        );
    }
  }
  return found;
}

/** Keys of conditions that say how far back they look. */
const SPANS = ['within', 'unseen_for', 'against'] as const;

/** How rarely a probe may be checked so that `3 of 10` minutes have a check, in milliseconds: one minute does in any case. */
function rarest(minutes: string | null): number {
  const [, bad, of] = /^\s*(\d+) of (\d+)\s*$/.exec(minutes ?? '') ?? [];
  return bad === undefined || bad === '1' ? Number.POSITIVE_INFINITY : (MINUTE * (Number(of) - 1)) / (Number(bad) - 1);
}

/** By kind of condition, the key of a threshold that is a share of a whole. */
const SHARES: ReadonlyMap<string, string> = new Map([
  ['error_ratio', 'above'],
  ['probe', 'failed_ratio'],
]);

function text(node: Node | undefined): string | null {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

function percent(written: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(written ?? '');
  return match === null ? null : Number(match[1]);
}
