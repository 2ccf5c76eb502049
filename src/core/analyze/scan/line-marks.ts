/** What only few lines hold and costs much to look for in each, as bits: the byte that begins every ANSI code, and words that introduce a status. */
export const MARK = { escape: 1, status: 2 } as const;

export const ESCAPE = 0x1b;

/** The marks of `bytes[start, end)`, where no pass over a block told of them. */
export function marksIn(bytes: Buffer, start: number, end: number): number {
  const line = bytes.subarray(start, end);
  return (line.includes(ESCAPE) ? MARK.escape : 0) | (line.includes('HTTP') || line.includes('tatus') ? MARK.status : 0);
}
