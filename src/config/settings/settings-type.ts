import { DAY, HOUR, MINUTE, SECOND } from '../../base/duration.ts';
import { compileGlob } from '../../base/glob.ts';
import { Findings } from '../../base/node.ts';
import { list } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { duration, flag, glob, integer, size, text } from '../../base/schema/scalars.ts';
import { described, refine, type Type, type Value } from '../../base/schema/type.ts';
import { secretFields, withOneOf } from '../../notify/secret-setting.ts';
import { labelMatch, labelName } from '../decode/label-match.ts';
import { cronPattern, listenAddress, name, placed, rate, timeZone, webAddress } from '../decode/scalars.ts';
import { guardType } from './guard-type.ts';
import { probesType } from './probe-type.ts';
import { receiverType } from './receivers.ts';
import { redaction } from './redaction.ts';
import { inhibitType, muteType } from './suppression-type.ts';

const START = { line: 1, column: 1 };
const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** A section that may be left out: then all of its defaults hold. */
function section<T>(type: Type<T>) {
  const defaults = type.decode({ kind: 'map', entries: [], at: START }, new Findings(''));
  if (defaults === undefined) throw new Error('a section of the settings has a key without a default');
  return optional(type, defaults);
}

/** At least `min` bytes. */
function sizeFrom(min: number, written: string): Type<number> {
  return refine(size(), (value, fail) =>
    value >= min ? value : fail(`expected a size of at least ${written}, found ${value} bytes`),
  );
}

const cluster = object({
  name: optional(described(name('a name'), 'Shown in every message; the default is the name in the kubeconfig.'), null),
  kubeconfig: optional(
    described(text('the path of a kubeconfig'), 'Default: in-cluster, else KUBECONFIG, else ~/.kube/config.'),
    null,
  ),
  context: optional(described(text('a context of the kubeconfig'), 'Default: the current one.'), null),
  requests_per_second: optional(described(rate(), 'To the API server; log reads share it.'), 25),
  max_in_flight: optional(described(integer(1, 1000), 'Requests at the same time.'), 25),
});

const namespaces = object({
  include: optional(
    described(list(glob(), 1), 'Globs. A list without any glob uses namespaced calls only (a Role instead of a ClusterRole).'),
    [compileGlob('*')],
  ),
  exclude: optional(described(list(glob()), 'Globs.'), []),
});

/** Engines other than the embedded one come later, whatever they are called. */
const storeKind = refine(text('json'), (value, fail) =>
  value === 'json' ? value : fail(`"${value}" is not available yet; use json`),
);

const store = object({
  kind: optional(described({ ...storeKind, json: { enum: ['json'] } }, 'The embedded store.'), 'json'),
  path: optional(described(text('the path of a folder'), 'Relative to this file.'), './data'),
  window: optional(described(duration(MINUTE), 'Rolling.'), DAY),
  max_size: optional(described(sizeFrom(MiB, '1Mi'), 'The oldest cycles go first when it is reached.'), 2 * GiB),
});

const logs = object({
  lookback: optional(described(duration(), 'How far back the first read of a container goes, never before its start.'), HOUR),
  max_line: optional(described(sizeFrom(KiB, '1Ki'), 'Longer lines are cut and marked.'), 256 * KiB),
  max_per_container: optional(
    described(sizeFrom(KiB, '1Ki'), 'In each cycle; what is skipped is counted and shown as a gap.'),
    32 * MiB,
  ),
  redact: optional(
    described(
      list(redaction()),
      'Pattern sets, and patterns of your own as { name, pattern }, applied before anything is stored or sent; an empty list redacts nothing.',
    ),
    ['default'],
  ),
});

const route = object({
  match: optional(
    described(labelMatch, 'Globs by alert label; a list of such maps means any of them. Left out: every alert.'),
    null,
  ),
  receivers: required(described(list(placed(text('the name of a receiver'))), 'Names of receivers.')),
  continue: optional(described(flag(), 'Whether later routes are tried as well.'), false),
});

const notifications = object({
  group_by: optional(described(list(labelName), 'Alerts with equal values of these labels share a message.'), [
    'namespace',
    'workload',
  ]),
  repeat_interval: optional(described(duration(SECOND), 'How soon a message about what still fires is sent again.'), 4 * HOUR),
  send_resolved: optional(described(flag(), 'Whether the end of an alert is told.'), true),
  digest_above: optional(
    described(integer(1, 10_000), 'More messages than this for one receiver within one minute become one digest.'),
    10,
  ),
});

const auth = object({
  read: optional(described(guardType, 'Who may look at page, API and metrics; health checks are always answered.'), 'none'),
  write: optional(described(guardType, 'Who may make and end silences. A port-forward arrives on loopback.'), 'loopback'),
});

const statusPage = object({
  listen: optional(described(listenAddress(), 'Address and port of page, API and metrics.'), { host: '0.0.0.0', port: 8080 }),
  external_url: optional(described(webAddress(), 'For links in messages.'), null),
  auth: section(auth),
});

const heartbeat = withOneOf(object(secretFields('url', 'an http:// or https:// URL')), 'url');

/** Everything that a settings file can say, as written: paths not resolved, names not checked against each other. */
export const settingsType = object({
  cluster: section(cluster),
  namespaces: section(namespaces),
  schedule: optional(
    described(placed(cronPattern()), 'When a cycle starts: a cron pattern, with seconds if it has six fields.'),
    { value: '*/10 * * * *', at: START },
  ),
  timezone: optional(
    described(timeZone(), 'Of the schedule, and of times in messages and page. The API speaks RFC 3339 in UTC.'),
    'UTC',
  ),
  watch: optional(
    described(flag(), 'Also follow pod changes between cycles, so that a crash is read and told within seconds.'),
    true,
  ),
  store: section(store),
  logs: section(logs),
  rules: optional(described(text('the path of a folder'), 'Folder of the rule files, relative to this file.'), './rules'),
  receivers: optional(described(list(receiverType), 'Where messages go; one whose address is empty is off.'), []),
  routes: optional(
    described(list(route), 'The first match wins unless it says `continue: true`. No routes: every receiver gets all.'),
    null,
  ),
  notifications: section(notifications),
  inhibit: optional(described(list(inhibitType), 'Alerts that are not told while another one fires that explains them.'), []),
  mute: optional(described(list(muteType), 'Recurring windows in which alerts are not told.'), []),
  probes: optional(described(probesType, 'Synthetic HTTP checks, independent of user traffic.'), []),
  status_page: section(statusPage),
  heartbeat: optional(described(heartbeat, 'Asked with GET after every completed cycle.'), null),
});

export type SettingsFile = Value<typeof settingsType>;
