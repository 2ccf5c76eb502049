import { stripAnsi } from '../ansi.ts';

/** All but tab, line end and carriage return, which patterns take for blanks. */
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f]+/g;
const ESCAPE = '\x1b';

/** The text without the characters that nobody sees, ANSI codes with them: in the middle of a word they hide it from patterns. `null` when it has none. */
export function withoutControls(text: string): string | null {
  const bare = (text.includes(ESCAPE) ? withoutAnsi(text) : text).replace(CONTROLS, '');
  return bare.length === text.length ? null : bare;
}

/** Its sequences are ASCII: read as UTF-8 or as Latin-1, they are the same. */
function withoutAnsi(text: string): string {
  const bytes = Buffer.from(text);
  return stripAnsi(bytes, 0, bytes.length).toString();
}
