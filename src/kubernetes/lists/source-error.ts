import { CollectError } from '../../base/errors.ts';
import type { SourceError } from '../../core/model/cycle.ts';

/** A failure of one source as the cycle records it. An abort and bugs are thrown on. */
export function sourceError(source: SourceError['source'], namespace: string | null, thrown: unknown): SourceError {
  if (!(thrown instanceof CollectError) || thrown.reason === 'aborted') throw thrown;
  return { source, namespace, reason: thrown.reason, message: thrown.message };
}

/** Whether a failure says that nothing at all can be read: no API server, or one that does not know us. */
export function endsCollection(thrown: unknown): boolean {
  return thrown instanceof CollectError && (thrown.reason === 'unreachable' || thrown.reason === 'unauthorized');
}
