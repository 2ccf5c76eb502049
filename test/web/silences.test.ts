import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { HOUR } from '../../src/base/duration.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { DEFAULT_AUTH, type PageAuth } from '../../src/web/auth/page-auth.ts';
import { NOW } from './fixture.ts';
import { serving } from './serving.ts';
import { silencing } from './silencing.ts';

async function serve(t: TestContext, auth: PageAuth = DEFAULT_AUTH) {
  const { view, silences } = silencing();
  const api = await serving(t, view, silentLogger, auth);
  const call = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    api.get(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { ...api, call, silences };
}

const GOOD = { match: { workload: 'checkout' }, for: '2h', comment: 'deploy', author: 'anna' };

suite('silences of the API', () => {
  test('one is made, found, listed and ended', async (t) => {
    const { call, json } = await serve(t);
    const made = await call('POST', '/api/v1/silences', GOOD);
    assert.equal(made.status, 201);
    const silence = JSON.parse(made.text);
    assert.equal(made.headers.get('location'), `/api/v1/silences/${silence.id}`);
    const { alerts, ...rest } = silence;
    assert.deepEqual(rest, {
      id: 'id0-xxxx',
      state: 'active',
      match: { workload: 'checkout' },
      created_at: new Date(NOW).toISOString(),
      starts_at: new Date(NOW).toISOString(),
      ends_at: new Date(NOW + 2 * HOUR).toISOString(),
      until_resolved: false,
      comment: 'deploy',
      author: 'anna',
    });
    assert.ok(alerts.length > 0 && alerts.every((alert: { id: string }) => typeof alert.id === 'string'));
    assert.deepEqual(await json(`/api/v1/silences/${silence.id}`), silence);
    assert.deepEqual(await json('/api/v1/silences'), { items: [silence] });
    const ended = await call('DELETE', `/api/v1/silences/${silence.id}`);
    assert.deepEqual([ended.status, JSON.parse(ended.text).state], [200, 'ended']);
    assert.deepEqual(await json('/api/v1/silences'), { items: [] });
    assert.equal((await call('DELETE', `/api/v1/silences/${silence.id}`)).status, 200, 'ending again changes nothing');
  });

  test('lists take the filters of all lists, and a state', async (t) => {
    const { call, json } = await serve(t);
    await call('POST', '/api/v1/silences', { match: { namespace: 'shop-1' }, for: '1h' });
    await call('POST', '/api/v1/silences', { match: { alert: 'X' }, starts_at: new Date(NOW + HOUR).toISOString(), for: '1h' });
    const found = async (query: string) => {
      const { items } = (await json(`/api/v1/silences?${query}`)) as { items: { state: string }[] };
      return items.map(({ state }) => state);
    };
    assert.deepEqual(await found(''), ['pending', 'active']);
    assert.deepEqual(await found('state=pending'), ['pending']);
    assert.deepEqual(await found('namespace=shop-*'), ['pending', 'active']);
    assert.deepEqual(await found('namespace=other'), ['pending'], 'one that names no namespace silences all of them');
    assert.deepEqual(await found('state=ended'), []);
  });

  const bad: readonly (readonly [unknown, number, RegExp])[] = [
    [{ for: '2h' }, 400, /^match: expected globs by label/],
    [{ match: { a: 'b' } }, 400, /^for: say how long/],
    [{ match: { a: 'b' }, for: '2h', id: 'x' }, 400, /^unknown field "id"/],
    [[], 400, /^expected a JSON object/],
  ];
  for (const [body, status, problem] of bad)
    test(`${JSON.stringify(body)} is refused with a reason`, async (t) => {
      const { call, silences } = await serve(t);
      const answer = await call('POST', '/api/v1/silences', body);
      assert.equal(answer.status, status);
      assert.match(JSON.parse(answer.text).error, problem);
      assert.deepEqual(silences(), []);
    });

  test('what is no JSON, or too much of it, is refused', async (t) => {
    const { get } = await serve(t);
    const post = (type: string, body: string) =>
      get('/api/v1/silences', { method: 'POST', headers: { 'content-type': type }, body });
    assert.equal((await post('application/json', '{')).status, 400);
    assert.equal((await post('text/plain', JSON.stringify(GOOD))).status, 415);
    assert.equal((await post('application/json', JSON.stringify({ ...GOOD, comment: 'x'.repeat(100_000) }))).status, 413);
  });

  test('an unknown silence is not found', async (t) => {
    const { call } = await serve(t);
    assert.equal((await call('DELETE', '/api/v1/silences/nothing')).status, 404);
    assert.equal((await call('GET', '/api/v1/silences/nothing')).status, 404);
  });
});

suite('who may do what', () => {
  test('a page of another site can neither make nor end a silence', async (t) => {
    const { call, silences } = await serve(t);
    await call('POST', '/api/v1/silences', GOOD);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      assert.equal((await call('POST', '/api/v1/silences', GOOD, headers)).status, 403);
      assert.equal((await call('DELETE', '/api/v1/silences/id0-xxxx', undefined, headers)).status, 403);
    }
    assert.deepEqual(
      silences().map(({ endsAt }) => endsAt > NOW),
      [true],
    );
  });

  test('loopback is no proxy and no foreign name', async (t) => {
    const { address, silences } = await serve(t);
    const post = async (headers: Readonly<Record<string, string>>) => {
      // `fetch` does not let a host be set.
      const asked = request(`${address}/api/v1/silences`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      }).end(JSON.stringify(GOOD));
      const [answer] = await once(asked, 'response');
      answer.resume();
      return answer.statusCode;
    };
    for (const headers of [{ 'x-forwarded-for': '10.1.2.3' }, { forwarded: 'for=10.1.2.3' }, { host: 'evil.example' }])
      assert.equal(await post(headers), 403, JSON.stringify(headers));
    assert.deepEqual(silences(), []);
    for (const host of ['localhost:1234', '127.0.0.1:8080', '[::1]:8080']) assert.equal(await post({ host }), 201, host);
  });

  test('with a token, and with no other', async (t) => {
    const { Secret } = await import('../../src/base/secret.ts');
    const guard = { kind: 'bearer', token: new Secret('right-token-0123456789') } as const;
    const { call, get } = await serve(t, { read: guard, write: guard });
    const asked = (authorization: string) => get('/', { headers: { authorization } });
    assert.equal((await get('/')).status, 401);
    assert.equal((await get('/')).headers.get('www-authenticate'), 'Bearer realm="Tocsin"');
    assert.equal((await get('/metrics')).status, 401);
    assert.equal((await get('/healthz')).status, 200, 'a kubelet has no token');
    assert.equal((await get('/readyz')).status, 200);
    assert.equal((await asked('Bearer wrong')).status, 401);
    assert.equal((await asked('Bearer right-token-0123456789')).status, 200);
    const bearer = { authorization: 'Bearer right-token-0123456789' };
    assert.equal((await call('POST', '/api/v1/silences', GOOD)).status, 401);
    assert.equal((await call('POST', '/api/v1/silences', GOOD, bearer)).status, 201);
  });

  test('with a password, which names the author; guessing is slowed down', async (t) => {
    const { hash } = await import('bcryptjs');
    const users = new Map([['anna', await hash('pass:word', 4)]]);
    const { call, get, silences } = await serve(t, { read: { kind: 'none' }, write: { kind: 'basic', users } });
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const { author, ...unsigned } = GOOD;
    assert.equal(author, 'anna');
    assert.equal((await call('POST', '/api/v1/silences', unsigned)).status, 401);
    assert.equal((await call('POST', '/api/v1/silences', unsigned, basic('anna:wrong'))).status, 401);
    assert.equal((await call('POST', '/api/v1/silences', unsigned, basic('bert:pass:word'))).status, 401);
    assert.equal((await call('POST', '/api/v1/silences', unsigned, basic('anna:pass:word'))).status, 201);
    assert.equal(silences()[0]?.author, 'anna');
    assert.equal((await get('/silences')).status, 200);
    let status = 0;
    for (let i = 0; i < 30 && status !== 429; i++)
      ({ status } = await call('POST', '/api/v1/silences', unsigned, basic(`anna:guess${i}`)));
    assert.equal(status, 429);
    assert.equal((await call('POST', '/api/v1/silences', unsigned, basic('anna:pass:word'))).status, 201, 'who is known gets in');
  });
});

suite('the page of silences', () => {
  /** As a browser without JavaScript: loads the page, and sends a form with its hidden fields and cookie. */
  async function visit(t: TestContext, query = '', auth: PageAuth = DEFAULT_AUTH) {
    const server = await serve(t, auth);
    const page = await server.get(`/silences${query}`);
    const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const cookie = (page.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const send = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
      server.get(path, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, 'sec-fetch-site': 'same-origin', ...headers },
        body: new URLSearchParams({ token, ...fields }).toString(),
      });
    return { ...server, page, token, cookie, send };
  }

  test('a silence is made and ended by plain forms', async (t) => {
    const { send, get, silences, page } = await visit(t);
    assert.match(page.headers.get('set-cookie') ?? '', /^tocsin_form=[\w-]{24}; Path=\/; HttpOnly; SameSite=Strict$/);
    const made = await send('/silences', {
      match: 'workload=checkout\r\nnamespace=shop-*',
      for: '90m',
      comment: '<b>deploy</b>',
      author: 'anna',
    });
    assert.equal(made.status, 303);
    assert.deepEqual(silences()[0]?.match, { workload: ['checkout'], namespace: ['shop-*'] });
    assert.equal(silences()[0]?.endsAt, NOW + 1.5 * HOUR);
    const after = (await get(made.headers.get('location') ?? '')).text;
    assert.match(after, /Silenced until/);
    assert.match(after, /&lt;b&gt;deploy&lt;\/b&gt;/);
    const ended = await send(`/silences/${silences()[0]?.id}/end`, {});
    assert.deepEqual([ended.status, ended.headers.get('location')], [303, '/silences']);
    assert.equal(silences()[0]?.endsAt, NOW);
  });

  test('a link fills the form in and shows what it matches', async (t) => {
    const { text } = (await visit(t, '?match=alert%3DCrashLoopBackOff&match=workload%3Dcheckout')).page;
    assert.match(text, /<textarea[^>]*>alert=CrashLoopBackOff\nworkload=checkout<\/textarea>/);
    assert.match(text, /1 alert matches now: <a href="\/alerts\/CrashLoopBackOff-0001">/);
  });

  test('a link with matchers that cannot be used says so', async (t) => {
    const { page, get } = await visit(t, '?match=alert%3D*a*a*a*a*a*a*a*');
    assert.match(page.text, /match\.alert: a glob may have at most 5 stars/);
    assert.match((await get('/silences?match=alert%3Da%5B')).text, /match\.alert: bad glob/);
    assert.match((await get('/silences?match=nothing')).text, /expected a matcher as label=glob/);
  });

  test('the page of an alert links to a silence of it', async (t) => {
    const { get } = await visit(t);
    assert.match(
      (await get('/alerts/CrashLoopBackOff-0001')).text,
      /href="\/silences\?match=alert%3DCrashLoopBackOff&amp;match=namespace%3Dshop-1&amp;match=kind%3DDeployment&amp;match=workload%3Dcheckout#new"/,
    );
  });

  test('what is wrong is told above the form, which keeps what was written', async (t) => {
    const { send, silences } = await visit(t);
    const { status, text } = await send('/silences', { match: 'workload checkout', for: 'soon', comment: 'x' });
    assert.equal(status, 400);
    assert.match(text, /role="alert"[\s\S]*expected a matcher as label=glob/);
    assert.match(text, /name="for" value="soon"/);
    const next = await send('/silences', { match: 'workload=checkout', for: 'soon' });
    assert.match(next.text, /for: expected a duration such as 2h or 30m, found &quot;soon&quot;/);
    assert.deepEqual(silences(), []);
  });

  test('a form of another page changes nothing', async (t) => {
    const { send, silences, cookie } = await visit(t);
    const fields = { match: 'workload=checkout', for: '1h' };
    assert.equal((await send('/silences', fields, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await send('/silences', fields, { cookie: '' })).status, 403);
    assert.equal((await send('/silences', { ...fields, token: 'x' })).status, 403);
    assert.equal((await send('/silences', fields, { cookie: `tocsin_form=${'x'.repeat(24)}` })).status, 403);
    assert.deepEqual(silences(), []);
    assert.equal((await send('/silences', fields, { cookie: `other=1; ${cookie}` })).status, 303);
  });

  test('who may not write sees why, and the buttons are off', async (t) => {
    const { page, send } = await visit(t, '', {
      read: { kind: 'none' },
      write: { kind: 'bearer', token: new (await import('../../src/base/secret.ts')).Secret('right-token-0123456789') },
    });
    assert.match(page.text, /Not from here: a bearer token is needed/);
    assert.match(page.text, /<button disabled>Silence<\/button>/);
    assert.equal((await send('/silences', { match: 'a=b', for: '1h' })).status, 401);
  });

  test('planned and ended ones have tables of their own', async (t) => {
    const { call, get } = await visit(t);
    await call('POST', '/api/v1/silences', {
      match: { alert: 'Later' },
      starts_at: new Date(NOW + HOUR).toISOString(),
      for: '1d',
    });
    await call('POST', '/api/v1/silences', { match: { alert: 'Over' }, for: '1d' });
    await call('DELETE', '/api/v1/silences/id1-xxxx');
    const { text } = await get('/silences');
    assert.match(text, /Planned <small>1[\s\S]*alert=Later[\s\S]*Ended <small>1[\s\S]*alert=Over/);
  });
});
