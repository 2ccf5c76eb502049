/** The registry of store engines: one line each; settings, docs and the contract suite loop over it. */
export { json } from './json/json.ts';
