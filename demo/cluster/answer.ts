import type { Json } from './json.ts';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** What goes on coming after the body, which is then not the end of it. */
  readonly more?: Streaming;
}

/** Begins to send; the result stops it. `skips` is how many rotations a followed log misses. */
export type Streaming = (to: { write(bytes: Buffer): void; end(): void }, skips: number) => () => void;

export function jsonAnswer(value: Json, status = 200): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

export function textAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: 'text/plain; charset=utf-8', body, headers };
}

/** A `Status` object, as the API server reports failures. */
export function statusAnswer(code: number, reason: string, message: string, more: { readonly continue?: string } = {}): Answer {
  return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: { ...more }, status: 'Failure', message, reason, code }, code);
}

export function notFound(resource: string, name: string): Answer {
  return statusAnswer(404, 'NotFound', `${resource} "${name}" not found`);
}

export function badRequest(message: string): Answer {
  return statusAnswer(400, 'BadRequest', message);
}
