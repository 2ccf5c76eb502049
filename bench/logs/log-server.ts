import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogServer } from './over-https.ts';

// Serves the files of the folder `argv[2]` on loopback as an API server serves the logs of containers; prints where, as JSON.
const folder = process.argv[2] ?? '.';
const tls = (name: string) => readFileSync(fileURLToPath(new URL(`../../test/fixtures/tls/localhost.${name}`, import.meta.url)));
const server = createServer({ key: tls('key'), cert: tls('crt') }, ({ url = '' }, response) => {
  const container = new URL(url, 'https://localhost').searchParams.get('container') ?? '';
  if (!/^[\w-]+$/.test(container)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain' });
  createReadStream(join(folder, `${container}.log`), { highWaterMark: 256 * 1024 })
    .on('error', () => response.destroy())
    .pipe(response);
});
// A reader that is busy with what it got comes back late.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const kubeconfig = join(folder, 'kubeconfig.json');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(`https://127.0.0.1:${port}`)));
  process.stdout.write(`${JSON.stringify({ kubeconfig } satisfies LogServer)}\n`);
});

function kubeconfigOf(url: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    clusters: [{ name: 'bench', cluster: { server: url, 'certificate-authority-data': tls('crt').toString('base64') } }],
    users: [{ name: 'bench', user: { token: 'bench' } }],
  };
}
