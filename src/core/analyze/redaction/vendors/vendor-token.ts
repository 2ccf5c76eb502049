import { type Detector, hidden, TOKEN_START } from '../detector.ts';
import { isFilled } from '../placeholder.ts';
import { chat } from './chat.ts';
import { commerce } from './commerce.ts';
import { models } from './models.ts';
import { operations } from './operations.ts';
import { products } from './products.ts';
import { sourceHosts } from './source-hosts.ts';

/** Tokens that say by their shape whose they are. */
export const vendorTokens: readonly Detector[] = [
  ...sourceHosts,
  ...chat,
  ...commerce,
  ...operations,
  ...models,
  ...products,
].map(([kind, keywords, shape]) => {
  const pattern = new RegExp(`${TOKEN_START}${shape}`, 'g');
  const mark = hidden(kind);
  return { keywords, redact: (text) => text.replace(pattern, (token) => (isFilled(token) ? token : mark)) };
});
