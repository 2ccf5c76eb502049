import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** What each room may import; design.md section 2. Rooms not listed (demo, test, bench) may import anything. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  core: ['base'],
  kubernetes: ['base', 'core'],
  store: ['base', 'core'],
  notify: ['base', 'core'],
  probe: ['base', 'core'],
  web: ['base', 'core'],
  config: ['base', 'core', 'kubernetes', 'store', 'notify', 'probe', 'web'],
  app: ['base', 'core', 'kubernetes', 'store', 'notify', 'probe', 'web', 'config'],
  cli: ['base', 'core', 'kubernetes', 'store', 'notify', 'probe', 'web', 'config', 'app'],
};

/** Which folders (or files) may import which npm package. */
const PACKAGES: Readonly<Record<string, string | readonly string[]>> = {
  '@kubernetes/client-node': 'src/kubernetes/',
  undici: 'src/kubernetes/',
  lowdb: 'src/store/json/',
  nodemailer: 'src/notify/',
  '@slack/webhook': 'src/notify/',
  express: 'src/web/',
  bcryptjs: 'src/web/auth/password-check.ts',
  yaml: ['src/config/', 'src/kubernetes/session/kubeconfig.ts'],
  croner: 'src/app/',
  re2js: 'src/core/analyze/pattern.ts',
};

const files = globSync('src/**/*.ts');
const imports = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\b[^;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => ({
      file,
      target: match[1] ?? match[2] ?? '',
    }),
  ),
);

test('every import stays within its layer', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .filter(({ file, target }) => {
      const from = file.split('/')[1] ?? '';
      const to = normalize(join(dirname(file), target)).split('/')[1] ?? '';
      return from !== to && !(LAYERS[from] ?? []).includes(to);
    });
  assert.deepEqual(wrong, []);
  assert.ok(imports.length > 20, 'the pattern finds imports at all');
});

test('every package is imported in its own room only', () => {
  const wrong = imports
    .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
    .filter(({ file, target }) => {
      const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? '');
      const rooms = PACKAGES[name] ?? [];
      return ![rooms].flat().some((room) => file.startsWith(room));
    });
  assert.deepEqual(wrong, []);
});

test('nothing imports the whole Kubernetes client before it is needed', () => {
  const whole = /^import (?!type\b)[^;]*from '@kubernetes\/client-node'/m;
  assert.deepEqual(
    files.filter((file) => whole.test(readFileSync(file, 'utf8'))),
    [],
  );
});

test('node:http is taken from base/node-http.ts alone: an import of it loads what nothing needs', () => {
  const values = /^import (?!type\b)[^;]*from 'node:http'/m;
  assert.deepEqual(
    files.filter((file) => values.test(readFileSync(file, 'utf8'))),
    [],
  );
});

test('core knows no node module, no clock and no chance', () => {
  const wrong = files
    .filter((file) => file.startsWith('src/core/'))
    .filter((file) =>
      /from 'node:|\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(readFileSync(file, 'utf8')),
    );
  assert.deepEqual(wrong, []);
});

test('no file is longer than 300 lines', () => {
  const long = [...files, ...globSync('demo/**/*.ts')].filter((file) => readFileSync(file, 'utf8').split('\n').length > 301);
  assert.deepEqual(long, []);
});
