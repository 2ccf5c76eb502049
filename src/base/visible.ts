/**
 * Text of unknown origin with everything shown that could hide, reorder or control: control, bidi, zero-width and tag characters become
 * escapes such as `\x1b` and `\u202e`; half surrogate pairs become U+FFFD. Line ends and tabs stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n/g, '\n')
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu,
      codeOf,
    );
}

/** The same on one line: line ends and tabs become spaces. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' ')).trim();
}

/** At most `length` characters, the last of them an ellipsis when something was cut; no character is halved. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, Math.max(0, length - 1));
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
