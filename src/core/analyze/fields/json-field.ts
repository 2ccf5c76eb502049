/** The scalar under a name in the JSON object that begins at `text[start]`, as text; `null` when there is none or the object breaks off before it. A name goes down by dots; keys may hold dots themselves. */
export function jsonField(text: string, start: number, name: string): string | null {
  let position = skipSpace(text, start + 1);
  while (text[position] === '"') {
    const keyEnd = closingQuote(text, position + 1);
    if (keyEnd === -1) return null;
    const colon = skipSpace(text, keyEnd + 1);
    if (text[colon] !== ':') return null;
    const value = skipSpace(text, colon + 1);
    const key = unescaped(text.slice(position + 1, keyEnd));
    const found = valueUnder(text, { key, value, name });
    if (found !== null) return found;
    const end = valueEnd(text, value);
    if (end === -1) return null;
    position = skipSpace(text, end);
    if (text[position] !== ',') return null;
    position = skipSpace(text, position + 1);
  }
  return null;
}

function valueUnder(
  text: string,
  { key, value, name }: { readonly key: string; readonly value: number; readonly name: string },
): string | null {
  if (key === name) return scalarAt(text, value);
  const isInside = text[value] === '{' && name.length > key.length && name[key.length] === '.' && name.startsWith(key);
  return isInside ? jsonField(text, value, name.slice(key.length + 1)) : null;
}

function scalarAt(text: string, position: number): string | null {
  const first = text[position];
  if (first === undefined || first === '{' || first === '[') return null;
  const end = valueEnd(text, position);
  if (end === -1) return null;
  if (first === '"') return unescaped(text.slice(position + 1, end - 1));
  const scalar = text.slice(position, end);
  return scalar === 'null' ? null : scalar;
}

function valueEnd(text: string, position: number): number {
  const first = text[position];
  if (first === '"') {
    const quote = closingQuote(text, position + 1);
    return quote === -1 ? -1 : quote + 1;
  }
  if (first !== '{' && first !== '[') {
    let end = position;
    while (end < text.length && !',}] \t\r\n'.includes(text[end] ?? '')) end++;
    return end === position ? -1 : end;
  }
  let depth = 0;
  for (let i = position; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      i = closingQuote(text, i + 1);
      if (i === -1) return -1;
    } else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return i + 1;
  }
  return -1;
}

/** The position of the quote that closes the string whose first character is at `position`, or -1. */
export function closingQuote(text: string, position: number): number {
  for (let i = text.indexOf('"', position); i !== -1; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text[i - 1 - slashes] === '\\' && i - 1 - slashes >= position) slashes++;
    if (slashes % 2 === 0) return i;
  }
  return -1;
}

/** A JSON string's content as the program meant it; broken escapes stay as they are. */
export function unescaped(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

function skipSpace(text: string, position: number): number {
  let i = position;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\r' || text[i] === '\n') i++;
  return i;
}
