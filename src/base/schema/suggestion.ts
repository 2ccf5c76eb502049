/** `; did you mean "x"?` or, where nothing is near, the list of what there is. */
export function suggestion(found: string, known: readonly string[]): string {
  return hint(found, known) || `; known are ${known.join(', ')}`;
}

/** `; did you mean "x"?`, or nothing where nothing is near: for where what there is has been told. */
export function hint(found: string, known: readonly string[]): string {
  const best = nearest(found, known);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/** What was probably meant; `undefined` where nothing is near. */
export function nearest(found: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  // A word of which every letter would change was not meant.
  let bestDistance = Math.min(Math.max(2, Math.floor(found.length / 3)) + 1, found.length);
  for (const candidate of known) {
    const distance = editDistance(found.toLowerCase().replaceAll('-', '_'), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? shortened(found.toLowerCase(), known);
}

/** The one word that was cut short: `mem` for memory, `warn` for warning. */
function shortened(found: string, known: readonly string[]): string | undefined {
  const [only, ...others] = found.length < 3 ? [] : known.filter((each) => each.toLowerCase().startsWith(found));
  return others.length === 0 ? only : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
