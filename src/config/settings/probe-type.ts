import { SECOND } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import { list, mapOf, oneOrMany } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, duration, text } from '../../base/schema/scalars.ts';
import { described, refine, type Type, withJson } from '../../base/schema/type.ts';
import { type CompiledPattern, compilePattern } from '../../core/analyze/pattern.ts';
import type { ProbeSettings } from '../../probe/probe-settings.ts';
import { name, webAddress } from '../decode/scalars.ts';

/** More would be load that nobody asked for. */
const MOST_PROBES = 200;

const status: Type<string> = {
  expected: 'an HTTP status such as 204, or a class such as 2xx',
  json: { type: ['string', 'integer'], pattern: '^([1-5][0-9][0-9]|[1-5][xX][xX])$', minimum: 100, maximum: 599 },
  decode(node, findings) {
    const written = node.kind === 'scalar' ? String(node.value) : '';
    if (/^([1-5]\d\d|[1-5]xx)$/i.test(written)) return written.toLowerCase();
    findings.error(node.at, 'expected an HTTP status such as 204, or a class such as 2xx');
    return undefined;
  },
};

const pattern: Type<CompiledPattern> = refine(text('a regular expression (RE2)'), (source, fail) => {
  try {
    return compilePattern(source);
  } catch (error) {
    return fail(messageOf(error));
  }
});

const expectations = object({
  status: optional(described(oneOrMany(status, 1), 'Statuses or classes; a redirect is not followed.'), ['2xx']),
  latency: optional(described(duration(1), 'The answer takes no longer.'), null),
  body: optional(described(pattern, 'RE2; occurs in the first 64 KiB of the body.'), null),
  certificate: optional(described(duration(SECOND), 'The certificate is valid for so long still.'), null),
});

const NOTHING_SAID: ProbeSettings['expect'] = { status: ['2xx'], latency: null, body: null, certificate: null };

const entry = refine(
  object({
    name: required(described(name('a name for the probe'), 'Unique.')),
    url: required(webAddress()),
    method: optional(choice('GET', 'HEAD'), 'GET'),
    headers: optional(described(mapOf(text('the value of a header')), 'Sent with every check.'), new Map<string, string>()),
    every: optional(described(duration(SECOND), 'From one check to the next.'), 30 * SECOND),
    timeout: optional(described(duration(100), 'No longer than `every`. Left out: 5s, or `every` where that is shorter.'), null),
    expect: optional(expectations, NOTHING_SAID),
  }),
  (written, fail): ProbeSettings | undefined => {
    const timeout = written.timeout ?? Math.min(5 * SECOND, written.every);
    if (timeout > written.every) return fail('expected a timeout no longer than "every"', 'timeout');
    if (written.method === 'HEAD' && written.expect.body !== null) return fail('a HEAD request has no body to look at', 'expect');
    return { ...written, timeout, url: new URL(written.url), headers: Object.fromEntries(written.headers) };
  },
);

/** `probes` of the settings. */
export const probesType: Type<readonly ProbeSettings[]> = refine(
  withJson(list(entry), { maxItems: MOST_PROBES }),
  (probes, fail) => {
    if (probes.length > MOST_PROBES) return fail(`expected at most ${MOST_PROBES} probes, found ${probes.length}`);
    const twice = probes.find((probe, index) => probes.findIndex((other) => other.name === probe.name) < index);
    return twice === undefined ? probes : fail(`duplicate probe ${JSON.stringify(twice.name)}`);
  },
);
