import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { manyWorkloads, withAlerts } from '../web/scenes.ts';
import { serving } from '../web/serving.ts';
import { browserPages } from './browser-pages.ts';

// Run apart from npm test, since it needs a browser: node --test 'test/browser/*.browser.ts'

const WORKLOAD = '/workloads/shop-1/Deployment/checkout';
const PAGES = [
  '/',
  WORKLOAD,
  '/alerts',
  '/alerts/ratio-1',
  '/alerts/CrashLoopBackOff-0001',
  '/rules',
  '/rules/HighErrorRatio',
  '/deliveries',
  '/logs',
  '/nowhere',
];
const SCHEMES = ['light', 'dark'] as const;

const newPage = browserPages();

/** Opens a page; whatever the browser complains about is a fault of the page, apart from a 404 that the test asked for. */
async function open(
  t: TestContext,
  address: string,
  { width, scheme }: { readonly width: number; readonly scheme: (typeof SCHEMES)[number] },
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await newPage(t, { viewport: { width, height: 900 }, colorScheme: scheme });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!message.text().includes('status of 404')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(address).origin) && !request.url().startsWith('data:'))
      complaints.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  return { page, complaints };
}

for (const scheme of SCHEMES)
  for (const width of [380, 1280])
    test(`every page loads without a complaint and without sideways scrolling, ${scheme}, ${width} px`, async (t) => {
      const { address } = await serving(t, withAlerts());
      for (const path of PAGES) {
        const { page, complaints } = await open(t, address + path, { width, scheme });
        assert.deepEqual(complaints, [], path);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, path);
      }
    });

/** Runs in the page: visible texts whose contrast with what is behind them is below WCAG AA. */
const LOW_CONTRAST = `(() => {
  const rgb = (text) => { const n = (text.match(/[\\d.]+/g) ?? []).map(Number); return { c: n.slice(0, 3), a: n[3] ?? 1 }; };
  const light = (c) => { const [r, g, b] = c.map((v) => { const s = v / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) { const { c, a } = rgb(getComputedStyle(e).backgroundColor); if (a === 1) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
    const box = e.getBoundingClientRect();
    if (!text || box.width < 2 || e.closest('svg') || e.closest('.vh, .skip')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color).c), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2) + ' ' + text.slice(0, 30));
  }
  return found;
})()`;

for (const scheme of SCHEMES)
  test(`every text has enough contrast, ${scheme}`, async (t) => {
    const { address } = await serving(t, withAlerts());
    for (const path of PAGES) {
      const { page } = await open(t, address + path, { width: 1280, scheme });
      assert.deepEqual(await page.evaluate(LOW_CONTRAST), [], path);
    }
  });

test('everything is reached by keyboard, the skip link first, and the focus is seen', async (t) => {
  const { address } = await serving(t, withAlerts());
  const { page } = await open(t, address, { width: 1280, scheme: 'light' });
  const expected = await page.locator('a[href], input, select, button').count();
  const reached = new Set<string>();
  for (let i = 0; i < expected; i++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(`(() => {
      const e = document.activeElement;
      const all = [...document.querySelectorAll('a[href], input, select, button')];
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      return { index: all.indexOf(e), text: e.textContent, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, inView: box.top >= 0 && box.width > 0 };
    })()`);
    assert.ok(typeof focus === 'object' && focus !== null && 'outline' in focus && 'inView' in focus && 'index' in focus);
    assert.deepEqual([focus.outline, focus.inView], [true, true], JSON.stringify(focus));
    if (i === 0) assert.match(JSON.stringify(focus), /Skip to content/);
    reached.add(String(focus.index));
  }
  assert.equal(reached.size, expected);
});

test('landmarks, headings and tables are what assistive software looks for', async (t) => {
  const { address } = await serving(t, withAlerts());
  for (const path of PAGES) {
    const { page } = await open(t, address + path, { width: 380, scheme: 'light' });
    for (const role of ['banner', 'main', 'contentinfo'] as const)
      assert.equal(await page.getByRole(role).count(), 1, `${path} ${role}`);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, path);
  }
  const { page } = await open(t, address, { width: 380, scheme: 'light' });
  // Laid out as cards on a phone, the table is still a table.
  const workloads = page.getByRole('table', { name: 'Workloads' });
  assert.equal(await workloads.count(), 1);
  assert.equal(await workloads.getByRole('columnheader').count(), 7);
  assert.equal(await workloads.getByRole('rowheader').count(), 10);
});

test('search works without a script, and a payload in it stays text', async (t) => {
  const { address } = await serving(t, withAlerts());
  const { page, complaints } = await open(t, address, { width: 1280, scheme: 'light' });
  await page.getByLabel('Name', { exact: true }).fill('"><script>document.title=1</script>');
  await page.getByRole('search', { name: 'Workloads' }).getByRole('button').click();
  await page.getByText('No workload is like that').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('cart');
  await page.getByRole('search', { name: 'Workloads' }).getByRole('button').click();
  const rows = page.getByRole('table', { name: 'Workloads' }).getByRole('rowheader');
  assert.equal(await rows.count(), 1);
  await rows.getByRole('link', { name: 'cart' }).click();
  await page.getByRole('heading', { name: '2 lines' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('every chart of a workload has a name, a description and an axis, and its lines are searched in place', async (t) => {
  const { address } = await serving(t, withAlerts());
  const { page, complaints } = await open(t, address + WORKLOAD, { width: 380, scheme: 'dark' });
  const charts = page.getByRole('img');
  assert.equal(await charts.count(), 5);
  for (const name of ['Log lines in 5 min, by level', 'Errors among log lines', 'Restarts in 5 min']) {
    const chart = page.getByRole('img', { name, exact: true });
    assert.equal(await chart.count(), 1, name);
    assert.ok(((await chart.locator('desc').textContent()) ?? '').length > 5, name);
  }
  // Labels of the axis neither overlap nor leave the page.
  const torn = await page.evaluate(`[...document.querySelectorAll('.xs')].flatMap((axis) => {
    const boxes = [...axis.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
    return boxes.filter((box, i) => box.left < (boxes[i - 1]?.right ?? 0) || box.right > innerWidth).map((box) => box.left);
  })`);
  assert.deepEqual(torn, []);
  await page.getByLabel('Text (RE2 pattern)').fill('48213');
  await page.getByRole('search', { name: 'Log lines' }).getByRole('button').click();
  await page.getByRole('heading', { name: '1 line' }).waitFor();
  assert.equal(new URL(page.url()).pathname, WORKLOAD);
  assert.deepEqual(complaints, []);
});

test('a thousand workloads are drawn without sideways scrolling on a phone', async (t) => {
  const { address } = await serving(t, manyWorkloads(1000, 3));
  const { page, complaints } = await open(t, address, { width: 380, scheme: 'dark' });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 380);
  assert.deepEqual(complaints, []);
});

test('rows of every table lie below each other, cells in their columns', async (t) => {
  const { address } = await serving(t, withAlerts());
  for (const path of PAGES) {
    const { page } = await open(t, address + path, { width: 1280, scheme: 'light' });
    const torn = await page.evaluate(`[...document.querySelectorAll('table')].flatMap((table) => {
      const left = (cells) => [...cells].map((cell) => Math.round(cell.getBoundingClientRect().left)).join();
      return [...table.rows].map((row) => left(row.cells)).filter((each, i, all) => each !== all[0]);
    })`);
    assert.deepEqual(torn, [], path);
  }
});
