import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/base/duration.ts';
import { RollingWindow } from '../../src/core/model/window/rolling-window.ts';
import type { StatusView } from '../../src/web/view.ts';
import { cycle, patternOf, pod, refOf } from '../build.ts';
import { allWell } from './scenes.ts';
import { list, serving } from './serving.ts';

/** A page over a window in which two containers have patterns. */
function withPatterns(): StatusView {
  const window = new RollingWindow({ span: DAY, staleness: HOUR, counters: [] });
  const [web, cart] = [pod({ of: 'shop/web' }), pod({ of: 'pay/cart' })];
  window.add(
    cycle('14:00', {
      states: [web, cart],
      namespaces: ['shop', 'pay'],
      patterns: [
        {
          ref: refOf(web),
          patterns: [
            patternOf('could not <b>reach</b> <ip>', { '12:01': 4, '13:58': 2 }),
            patternOf('late', { '13:59': 1 }, { level: 4 }),
          ],
          dropped: 0,
        },
        { ref: refOf(cart), patterns: [patternOf('disk <num> is full', { '13:00': 7 })], dropped: 0 },
      ],
      patternsFrom: 4,
    }),
  );
  return { ...allWell(), window: () => window };
}

test('patterns are listed with the newest first, by workload, level and time', async (t) => {
  const api = await serving(t, withPatterns());
  const templates = async (query: string) => (await list(api, `patterns${query}`)).items.map(({ template }) => template);
  assert.deepEqual(await templates(''), ['late', 'disk <num> is full', 'could not <b>reach</b> <ip>']);
  assert.deepEqual(await templates('?namespace=shop&level=error'), ['could not <b>reach</b> <ip>']);
  assert.deepEqual(await templates('?since=2026-11-21T13:30:00Z'), ['late', 'could not <b>reach</b> <ip>']);
  assert.deepEqual(await templates('?container=nothing'), []);
  const { items } = await list(api, 'patterns?workload=web&since=2026-11-21T13:30:00Z&level=error');
  assert.deepEqual([items[0]?.['count'], items[0]?.['minutes']], [2, [{ at: '2026-11-21T13:58:00.000Z', count: 2 }]]);
});

test('a container with more patterns than are kept is named', async (t) => {
  const view = withPatterns();
  assert.doesNotMatch((await (await serving(t, view)).get('/logs')).text, /are missing/);
  const window = new RollingWindow({ span: DAY, staleness: HOUR, counters: [] });
  const web = pod({ of: 'shop/web' });
  const patterns = [patternOf('late', { '13:59': 1 })];
  window.add(cycle('14:00', { states: [web], namespaces: ['shop'], patterns: [{ ref: refOf(web), patterns, dropped: 3 }] }));
  const api = await serving(t, { ...view, window: () => window });
  assert.match((await api.get('/logs')).text, /those seen least lately are missing: shop\/web app/);
});

test('pages of patterns follow each other', async (t) => {
  const api = await serving(t, withPatterns());
  const first = await list(api, 'patterns?limit=2');
  assert.equal(first.items.length, 2);
  const second = await list(api, `patterns?limit=2&next=${first.next}`);
  assert.deepEqual(
    second.items.map(({ template }) => template),
    ['could not <b>reach</b> <ip>'],
  );
  assert.equal(second.next, undefined);
});

test('the page of logs shows what the lines have in common, most frequent first, as text', async (t) => {
  const api = await serving(t, withPatterns());
  const { text } = await api.get('/logs');
  const [, section = ''] = text.split('id="patterns"');
  assert.ok(section.indexOf('disk &lt;num&gt; is full') < section.indexOf('could not &lt;b&gt;reach'));
  assert.ok(section.includes('could not &lt;b&gt;reach'));
  assert.ok(!(await api.get('/logs?namespace=nowhere')).text.includes('id="patterns"'));
});
