const ESC = 0x1b;

/** A copy of `bytes[start, end)` without ANSI escape sequences (CSI, OSC, and two-byte ones). */
export function stripAnsi(bytes: Uint8Array, start: number, end: number): Buffer {
  const target = Buffer.allocUnsafe(end - start);
  let length = 0;
  let i = start;
  while (i < end) {
    const byte = bytes[i] ?? 0;
    if (byte === ESC) i = sequenceEnd(bytes, i + 1, end);
    else {
      target[length++] = byte;
      i++;
    }
  }
  return target.subarray(0, length);
}

/** The position behind the sequence whose byte after ESC is at `position`. */
function sequenceEnd(bytes: Uint8Array, position: number, end: number): number {
  const kind = bytes[position];
  if (position >= end) return end;
  if (kind === 0x5b) {
    let i = position + 1;
    while (i < end && (bytes[i] ?? 0) >= 0x20 && (bytes[i] ?? 0) <= 0x3f) i++;
    return Math.min(i + 1, end);
  }
  if (kind === 0x5d) {
    let i = position + 1;
    while (i < end && bytes[i] !== 0x07 && bytes[i] !== ESC) i++;
    return bytes[i] === ESC ? Math.min(i + 2, end) : Math.min(i + 1, end);
  }
  let i = position;
  while (i < end && (bytes[i] ?? 0) >= 0x20 && (bytes[i] ?? 0) <= 0x2f) i++;
  return Math.min(i + 1, end);
}
