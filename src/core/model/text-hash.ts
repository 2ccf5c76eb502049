const PRIME = 0x01000193;

/** Two 32-bit FNV-1a hashes of a text side by side, as 16 hex digits. */
export function textHash(text: string): string {
  return hash(text, 0x811c9dc5) + hash(text, 0x050c5d1f);
}

function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    value = Math.imul(value ^ (code & 0xff), PRIME);
    value = Math.imul(value ^ (code >>> 8), PRIME);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
