import type { Selection, Selector } from '../../core/model/selector.ts';

/** A selection for people: `namespace=shop-*, container=app|api; not image=*istio*`. */
export function selectionText({ match, except }: Selection): string {
  const taken = match.length === 0 ? 'everything' : match.map(selectorText).join(', or ');
  return except.length === 0 ? taken : `${taken}; not ${except.map(selectorText).join(', or ')}`;
}

function selectorText({ labels, ...keys }: Selector): string {
  const globs = [...Object.entries(keys), ...[...(labels ?? [])].map(([label, values]) => [`label ${label}`, values] as const)];
  const texts = globs.flatMap(([key, values]) =>
    values === null ? [] : [`${key}=${values.map(({ source }) => source).join('|')}`],
  );
  return texts.length === 0 ? 'everything' : texts.join(', ');
}
