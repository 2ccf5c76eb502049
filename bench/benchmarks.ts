export { collect } from './collect.ts';
export { formats } from './formats.ts';
export { idle } from './idle.ts';
export { logs } from './logs.ts';
export { page } from './page.ts';
export { redaction } from './redaction.ts';
export { search } from './search.ts';
export { store } from './store.ts';
