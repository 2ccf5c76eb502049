import type { Alert } from '../../model/alert.ts';
import type { Silence } from '../../model/silence.ts';

/** Reads matchers as people write them, `label=glob` each; several of one label mean any of them. Problems are in words. */
export function parseMatchers(texts: readonly string[]): {
  readonly match: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly string[];
} {
  const match = new Map<string, string[]>();
  const problems: string[] = [];
  for (const text of texts) {
    const found = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(?![~=])\s*(.*?)\s*$/s.exec(text);
    if (found?.[1] === undefined || found[2] === undefined)
      problems.push(`expected a matcher as label=glob, such as namespace=shop-*, found ${JSON.stringify(text.slice(0, 80))}`);
    else match.set(found[1], [...(match.get(found[1]) ?? []), found[2]]);
  }
  // Not an assignment: a label may be called `__proto__`.
  return { match: Object.fromEntries(match), problems };
}

/** The matchers of a silence, as {@link parseMatchers} reads them. */
export function matcherTexts({ match }: Pick<Silence, 'match'>): readonly string[] {
  return Object.entries(match).flatMap(([key, globs]) => globs.map((glob) => `${key}=${glob}`));
}

/** Labels that name an alert's subject in a proposed silence; a container's siblings are meant too. */
const PROPOSED = ['alert', 'namespace', 'kind', 'workload', 'node'];

/** Where the page proposes a silence for an alert: its path, query and fragment. */
export function silencePath({ labels }: Pick<Alert, 'labels'>): string {
  const query = new URLSearchParams();
  for (const name of PROPOSED) {
    const value = labels[name];
    if (value !== undefined && value !== '') query.append('match', `${name}=${escapeGlob(value)}`);
  }
  return `/silences?${query}#new`;
}

/** A text as the glob that matches it alone. */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\]{}]/g, (character) => (character === ']' || character === '}' ? character : `[${character}]`));
}
