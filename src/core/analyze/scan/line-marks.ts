/**
 * What only few lines hold and costs much to look for in each, as bits: the byte that begins every ANSI code, words that introduce a status, and
 * other control characters, but for tabs and carriage returns.
 */
export const MARK = { escape: 1, status: 2, control: 4 } as const;

export const ESCAPE = 0x1b;
export const TAB = 0x09;
export const CARRIAGE_RETURN = 0x0d;
export const LAST_CONTROL = 0x1f;
const LINE_END = 0x0a;

/** The marks of `bytes[start, end)`, where no pass over a block told of them. */
export function marksIn(bytes: Buffer, start: number, end: number): number {
  const hasEscape = bytes.subarray(start, end).includes(ESCAPE);
  const marks = statusMarkIn(bytes, start, end) | (hasEscape ? MARK.escape : 0);
  return hasControls(bytes, start, end) ? marks | MARK.control : marks;
}

/** The same of the status alone. */
export function statusMarkIn(bytes: Buffer, start: number, end: number): number {
  const line = bytes.subarray(start, end);
  return line.includes('HTTP') || line.includes('tatus') ? MARK.status : 0;
}

/** Whether `bytes[start, end)` hold control characters other than tabs, line ends and those of ANSI codes. */
export function hasControls(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte <= LAST_CONTROL && byte !== TAB && byte !== LINE_END && byte !== CARRIAGE_RETURN && byte !== ESCAPE) return true;
  }
  return false;
}
