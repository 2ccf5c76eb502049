/** What others may only read, for its owner. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
