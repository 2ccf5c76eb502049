import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The first message about a workload: when it came, and what it said. */
interface Told {
  readonly at: number;
  readonly text: string;
}

/** A webhook on loopback that remembers the first message about each workload. */
export interface Hook {
  readonly url: string;
  readonly told: ReadonlyMap<string, Told>;
  /** Everything that came, as it was sent. */
  readonly messages: readonly string[];
  close(): void;
}

export async function startHook(): Promise<Hook> {
  const told = new Map<string, Told>();
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    const at = Date.now();
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    messages.push(text);
    // What Alertmanager's webhook sends.
    const { alerts } = JSON.parse(text) as { alerts: { labels: Record<string, string> }[] };
    for (const { labels } of alerts) {
      const workload = labels['workload'] ?? '';
      if (!told.has(workload)) told.set(workload, { at, text });
    }
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an AddressInfo, never a pipe's path.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, told, messages, close: () => void server.close() };
}
