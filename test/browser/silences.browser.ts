import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { HOUR } from '../../src/base/duration.ts';
import { NOW } from '../web/fixture.ts';
import { serving } from '../web/serving.ts';
import { silencing } from '../web/silencing.ts';
import { browserPages } from './browser-pages.ts';

const newPage = browserPages();

async function open(t: TestContext, options: { readonly width: number; readonly scheme: 'light' | 'dark' }) {
  const { view, silences } = silencing();
  const { address } = await serving(t, view);
  // Everything works without a script.
  const page = await newPage(t, {
    viewport: { width: options.width, height: 900 },
    colorScheme: options.scheme,
    javaScriptEnabled: false,
  });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  return { page, address, silences, complaints, view };
}

test('an alert is silenced from its page and the silence is ended, without a script', async (t) => {
  const { page, address, silences, complaints } = await open(t, { width: 1280, scheme: 'light' });
  await page.goto(`${address}/alerts/CrashLoopBackOff-0001`);
  await page.getByRole('link', { name: 'this alert' }).click();
  assert.match(await page.getByLabel('Matchers, one a line').inputValue(), /^alert=CrashLoopBackOff\nnamespace=shop-1\n/);
  await page.getByText('1 alert matches now').waitFor();
  await page.getByLabel('For').fill('90m');
  await page.getByLabel('Comment').fill('rolling back');
  await page.getByLabel('Your name').fill('anna');
  await page.getByRole('button', { name: 'Silence', exact: true }).click();
  await page.getByText('Silenced until').waitFor();
  assert.deepEqual(
    silences().map(({ endsAt, comment, author }) => [endsAt - NOW, comment, author]),
    [[1.5 * HOUR, 'rolling back', 'anna']],
  );
  await page.getByRole('button', { name: /^End the silence of alert=CrashLoopBackOff/ }).click();
  await page.getByText('Nothing is silenced.').waitFor();
  assert.equal(silences()[0]?.endsAt, NOW);
  assert.deepEqual(complaints, []);
});

test('what is wrong is told, and what matches is shown before', async (t) => {
  const { page, address, silences } = await open(t, { width: 1280, scheme: 'dark' });
  await page.goto(`${address}/silences`);
  await page.getByLabel('Matchers, one a line').fill('severity=critical');
  await page.getByRole('button', { name: 'Show what matches' }).click();
  await page.getByText(/2 alerts match now/).waitFor();
  await page.getByLabel('For').fill('soon');
  await page.getByRole('button', { name: 'Silence', exact: true }).click();
  await page.getByRole('alert').getByText('for: expected a duration such as 2h or 30m').waitFor();
  assert.deepEqual(silences(), []);
});

for (const scheme of ['light', 'dark'] as const)
  for (const width of [380, 1280])
    test(`the page of silences fits, ${scheme}, ${width} px`, async (t) => {
      const { page, address, complaints, view } = await open(t, { width, scheme });
      await view.silences.add(
        { match: { alert: ['CrashLoopBackOff', 'HighErrorRatio'], namespace: 'shop-*' }, for: '2h', comment: 'deploy' },
        'anna',
      );
      await view.silences.add({ match: { workload: 'x'.repeat(60) }, until_resolved: true, comment: 'word '.repeat(40) }, 'anna');
      await view.silences.add({ match: { severity: 'info' }, starts_at: new Date(NOW + HOUR).toISOString(), for: '1h' }, 'anna');
      await page.goto(`${address}/silences?match=alert%3DCrashLoopBackOff&match=namespace%3Dshop-1`);
      assert.equal(await page.locator('tbody tr').count(), 3);
      const shot = process.env['TOCSIN_TEST_SHOTS'];
      if (shot !== undefined) await page.screenshot({ path: `${shot}/silences-${scheme}-${width}.png`, fullPage: true });
      const wide = await page.locator('html').evaluate((root) => root.scrollWidth);
      assert.equal(wide, width);
      assert.deepEqual(complaints, []);
    });
