import type { Body } from '../../src/kubernetes/session/exchange.ts';

/** A body whose bytes are gone, as those of a connection are, as soon as the taker has returned. */
export function lentBody(source: Iterable<Buffer> | AsyncIterable<Buffer>): Body {
  return {
    async each(take) {
      for await (const bytes of source) {
        const lent = Buffer.from(bytes);
        const wanted = take(lent);
        lent.fill('?');
        if (!(await wanted)) return;
      }
    },
  };
}
