import type { CompiledPattern } from '../core/analyze/pattern.ts';

/** One synthetic check. Durations are milliseconds. */
export interface ProbeSettings {
  readonly name: string;
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly every: number;
  readonly timeout: number;
  readonly expect: {
    /** Statuses and classes such as 204 and 2xx, as written. */
    readonly status: readonly string[];
    readonly latency: number | null;
    /** Looked for in the first 64 KiB of the body. */
    readonly body: CompiledPattern | null;
    /** How long the certificate must be valid still. */
    readonly certificate: number | null;
  };
}

/** The address as it may be shown: user, password and query can be secrets. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
