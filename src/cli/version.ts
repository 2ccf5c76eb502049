import { readFileSync } from 'node:fs';

/** The package's version. */
export function version(): string {
  const { version: written } = manifest();
  return typeof written === 'string' ? written : 'unknown';
}

/**
 * What to say when this Node.js is older than the package's `engines` ask for; `null` when it will do. Without it, an old one ends in a syntax error
 * of the first file that it cannot read.
 */
export function nodeProblem(running: string): string | null {
  const { engines } = manifest();
  const node = typeof engines === 'object' && engines !== null && 'node' in engines ? String(engines.node) : '';
  const needed = /\d+(\.\d+)*/.exec(node)?.[0];
  if (needed === undefined || isAtLeast(running, needed)) return null;
  return `Tocsin needs Node.js ${needed} or newer, and this is ${running}; in a checkout, "npm ci" brings one for the npm scripts`;
}

/** `package.json` lies two folders up both in the sources and in `dist`. */
function manifest(): { readonly [key: string]: unknown } {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function isAtLeast(running: string, needed: string): boolean {
  const [has, wants] = [running, needed].map((text) => text.split('.').map(Number));
  for (const [place, want] of (wants ?? []).entries()) {
    const have = has?.[place] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}
