import { ConfigError, messageOf } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import { daemonAt } from '../daemon-api.ts';
import { settingsOf } from '../settings.ts';

const TIMEOUT_MS = 5_000;

/** Asks a running daemon how it is: exit status 0 when it is alive. */
export const health: Command = {
  name: 'health',
  summary: 'ask a running daemon whether it is alive, for a container health check without a shell',
  usage: 'health [--url URL] [--strict]',
  options: {
    url: {
      type: 'string',
      value: 'URL',
      description: "where the daemon listens (default: the settings' status_page.listen on loopback)",
    },
    strict: { type: 'boolean', description: 'also fail when the last good cycle is too old' },
  },
  async run({ args, env, cwd, stdout, stderr, signal }) {
    const base =
      typeof args.flags['url'] === 'string' ? args.flags['url'] : daemonAt(settingsOf({ args, env, cwd }).statusPage.listen);
    let url: URL;
    try {
      url = new URL(`/healthz${args.flags['strict'] === true ? '?strict' : ''}`, base);
    } catch {
      throw new ConfigError(`expected --url as http://HOST:PORT, found ${JSON.stringify(base)}`);
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
      const text = (await response.text()).trim();
      (response.ok ? stdout : stderr)(`${text}\n`);
      return response.ok ? 0 : 1;
    } catch (error) {
      stderr(`could not ask ${url.origin}: ${messageOf(error)}\n`);
      return 1;
    }
  },
};
