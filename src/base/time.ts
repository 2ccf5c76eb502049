const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds of an RFC 3339 time, whose seconds may be left out: `2026-11-30T08:00Z`; `null` when the text is none. */
export function parseTime(text: string): number | null {
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
