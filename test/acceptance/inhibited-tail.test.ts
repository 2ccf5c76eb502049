import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreTimeline } from '../../bench/truth/score-timeline.ts';
import { timelineFileType } from '../../bench/truth/timeline-type.ts';
import { Findings } from '../../src/base/node.ts';
import { parseYaml } from '../../src/config/decode/yaml.ts';
import { loadRules } from '../../src/config/rules/rule-file.ts';
import { loadSettings } from '../../src/config/settings/settings.ts';

const cwd = process.cwd();
// Without their holds: those alone would hide in which order the alerts end.
const rules = loadRules({ folder: `${cwd}/rules`, cwd, receivers: null }).rules.map((rule) => ({ ...rule, keepFiringFor: 0 }));

/** The errors that follow an outage are `after` a minute. */
function outage({
  minutes,
  perMinute,
  after = 0,
}: {
  readonly minutes: number;
  readonly perMinute: number;
  readonly after?: number;
}) {
  const lines = (at: number, span: number, rate: number, status: number) =>
    rate === 0 || span === 0
      ? []
      : [
          {
            workload: 'shop/api',
            at: clock(at),
            every: `${60_000 / rate}ms`,
            count: span * rate,
            line: `10.0.0.1 - - [05/Jan/2026:10:00:00 +0000] "GET / HTTP/1.1" ${status} 157 "-" "curl/8"`,
          },
        ];
  const end = 600 + minutes;
  return {
    name: `${minutes} minutes at ${perMinute}`,
    until: clock(end + 100),
    pods: [{ workload: 'shop/api', at: '08:00', running: true }],
    logs: [
      ...lines(560, 40, perMinute, 200),
      ...lines(600, minutes, perMinute, 500),
      ...(after === 0 ? lines(end, 100, perMinute, 200) : lines(end, 60, after, 500)),
    ],
    truth: [],
  };
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

async function told(scene: ReturnType<typeof outage>): Promise<readonly string[]> {
  const { settings } = loadSettings({ file: 'tocsin.example.yaml', required: true, cwd, env: {} });
  assert.ok(settings !== null);
  const findings = new Findings('scene');
  const node = parseYaml(Buffer.from(JSON.stringify({ timelines: [scene] })), findings);
  const decoded = node === null ? undefined : timelineFileType.decode(node, findings);
  const timeline = decoded?.timelines[0]?.value;
  assert.ok(timeline !== undefined, JSON.stringify(findings.problems));
  const { inhibitions, mutes, notifications } = settings;
  const policy = { routes: [], receivers: ['people'], inhibitions, mutes, ...notifications };
  const score = await scoreTimeline(timeline, { rules, policy, timezone: 'UTC', externalUrl: null });
  return score.falseAlerts.map((text) => text.replace(/:[^:]*$/, '').replace(/^.* /, ''));
}

test('an outage at any traffic is told once, and its tail is not told when the alert that inhibited it ends', async () => {
  for (const minutes of [20, 45])
    for (const perMinute of [20, 120]) {
      const alerts = await told(outage({ minutes, perMinute }));
      assert.deepEqual(
        alerts.filter((alert) => alert.startsWith('ServerError')),
        ['ServerErrorRatio'],
        `${minutes} at ${perMinute}`,
      );
    }
});

test('errors that go on for the few who still ask are told once the outage that inhibited them is over', async () => {
  const alerts = await told(outage({ minutes: 30, perMinute: 120, after: 10 }));
  assert.deepEqual(
    alerts.filter((alert) => alert.startsWith('ServerError')),
    ['ServerErrorRatio', 'ServerErrorsAtLowTraffic'],
  );
});
