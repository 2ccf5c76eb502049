import type { Format } from './format.ts';
import { beginsWith } from './head/word.ts';
import { requestStatus } from './request-status.ts';

const CATEGORY = /^ \S+\[\d+\]/;
const LEVELS = [
  ['info', 3],
  ['fail', 5],
  ['warn', 4],
  ['crit', 6],
  ['dbug', 2],
  ['trce', 1],
] as const;

/** `fail: Microsoft.AspNetCore.Server.Kestrel[13]`, with the message in the next line or behind it. */
export const dotnet: Format = {
  name: 'dotnet',
  description: '.NET console logger, simple and single-line',
  first: 'ifwcdt',
  isRuledOut: (bytes, start) => bytes[start + 4] !== 0x3a || bytes[start + 5] !== 0x20,
  parse(bytes, start, end, facts) {
    for (const [word, level] of LEVELS) {
      if (!beginsWith(bytes, start, end, word)) continue;
      const [category] = CATEGORY.exec(bytes.toString('latin1', start + 5, Math.min(end, start + 300))) ?? [];
      if (category === undefined) return false;
      facts.level = level;
      facts.status = requestStatus(bytes, start + 5 + category.length + 1, end, facts.mayHaveStatus);
      return true;
    }
    return false;
  },
};
