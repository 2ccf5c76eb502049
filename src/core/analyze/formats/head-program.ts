import type { Level } from '../../model/log-line.ts';
import { NO_WORD } from '../level-word.ts';

/** The level of PHP's own messages, `PHP Warning:  ...`. */
export function phpLevel(text: string): Level | typeof NO_WORD {
  const [, word] = /^(?:PHP )?(Notice|Warning|Fatal error|Parse error|Recoverable fatal error):/.exec(text) ?? [];
  return word === undefined ? NO_WORD : word === 'Notice' ? 3 : word === 'Warning' ? 4 : word === 'Parse error' ? 5 : 6;
}

/** The level of npm's lines, `npm ERR! ...`. */
export function npmLevel(text: string): Level | typeof NO_WORD {
  const [, word] = /^npm (ERR!|error|WARN|warn|notice|verb|info) /.exec(`${text} `) ?? [];
  switch (word) {
    case undefined:
      return NO_WORD;
    case 'ERR!':
    case 'error':
      return 5;
    case 'WARN':
    case 'warn':
      return 4;
    case 'verb':
      return 2;
    default:
      return 3;
  }
}
