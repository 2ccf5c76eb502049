import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, type TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { MINUTE } from '../../src/base/duration.ts';

const CHROMIUM = '/usr/bin/chromium';
/** Other work may keep the processors from the browser for longer than its own 30 s. */
const PATIENCE = 2 * MINUTE;

/** Starts a browser for the tests of a file; each of its pages is closed after the test that opened it. */
export function browserPages(): (t: TestContext, options: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | null = null;
  before(async () => {
    assert.ok(existsSync(CHROMIUM), `these tests need ${CHROMIUM}`);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], timeout: PATIENCE });
  });
  after(() => browser?.close());
  return async (t, options) => {
    assert.ok(browser !== null);
    const context = await browser.newContext(options);
    t.after(() => context.close());
    context.setDefaultTimeout(PATIENCE);
    return context.newPage();
  };
}
