/** The registry of receiver kinds: one line each; settings, docs and the contract suite loop over it. */
export { email } from './email.ts';
export { slack } from './slack.ts';
export { webhook } from './webhook.ts';
