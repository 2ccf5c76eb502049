const PATTERN = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/**
 * The id of a cycle that begins at `at` (epoch milliseconds), such as `20261121T140000000Z`. It always sorts behind `previous`,
 * also when the clock went back.
 */
export function nextCycleId(previous: string | null, at: number): string {
  const id = format(at);
  return previous === null || id > previous ? id : format(timeOf(previous) + 1);
}

/** Whether the text has the form of a cycle's id; such a text is also a safe folder name. */
export function isCycleId(text: string): boolean {
  return PATTERN.test(text);
}

function format(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '');
}

function timeOf(id: string): number {
  const iso = id.replace(PATTERN, '$1-$2-$3T$4:$5:$6.$7Z');
  const time = Date.parse(iso);
  if (iso === id || Number.isNaN(time)) throw new Error(`could not read cycle id ${JSON.stringify(id)}: not a time`);
  return time;
}
