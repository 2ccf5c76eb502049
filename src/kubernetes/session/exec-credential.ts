import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { MINUTE } from '../../base/duration.ts';
import { child, list, type RawObject, rawObject, text, time } from '../lists/raw-object.ts';

/** What a credential plugin may take, and how much it may print. */
const PLUGIN_TIMEOUT = MINUTE;
const MAX_OUTPUT = 1024 * 1024;

/** What an exec credential plugin answered. */
export interface ExecCredential {
  readonly token: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** Epoch milliseconds; `null` when it does not expire. */
  readonly expiresAt: number | null;
}

/**
 * Runs a kubeconfig user's `exec` command (client.authentication.k8s.io) and reads its ExecCredential.
 * Throws `Error` with what the plugin printed when it fails, hangs for a minute or answers something else.
 */
export async function runExecPlugin(
  exec: RawObject,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<ExecCredential> {
  const command = text(exec, 'command');
  if (command === '') throw new Error('the user has an "exec" without a command');
  const apiVersion = text(exec, 'apiVersion') || 'client.authentication.k8s.io/v1';
  const pluginEnv: Record<string, string | undefined> = { ...env };
  pluginEnv['KUBERNETES_EXEC_INFO'] = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  for (const entry of list(exec, 'env')) pluginEnv[text(entry, 'name')] = text(entry, 'value');
  const args = Array.isArray(exec['args']) ? exec['args'].map(String) : [];
  // A path is relative to the kubeconfig's folder; a bare name is looked up in PATH.
  const output = await run(command.includes('/') ? resolve(folder, command) : command, args, pluginEnv);
  let answer: RawObject;
  try {
    answer = rawObject(JSON.parse(output));
  } catch (error) {
    throw new Error(`the credential plugin ${command} did not print JSON`, { cause: error });
  }
  const status = child(answer, 'status');
  const credential = {
    token: text(status, 'token').trim() || null,
    cert: text(status, 'clientCertificateData') || null,
    key: text(status, 'clientKeyData') || null,
    expiresAt: time(status, 'expirationTimestamp'),
  };
  if (credential.token === null && credential.cert === null)
    throw new Error(`the credential plugin ${command} gave neither a token nor a certificate`);
  return credential;
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((done, reject) => {
    const plugin = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PLUGIN_TIMEOUT });
    let out = '';
    let err = '';
    plugin.stdout.setEncoding('utf8').on('data', (data: string) => {
      if (out.length < MAX_OUTPUT) out += data;
    });
    plugin.stderr.setEncoding('utf8').on('data', (data: string) => {
      if (err.length < 2000) err += data;
    });
    plugin.on('error', (error) => reject(new Error(`could not run the credential plugin ${command}`, { cause: error })));
    plugin.on('close', (code, signal) => {
      if (code === 0) done(out);
      else reject(new Error(`the credential plugin ${command} failed (${signal ?? `exit code ${code}`}): ${firstLine(err)}`));
    });
  });
}

function firstLine(output: string): string {
  return output.trim().split('\n')[0] ?? '';
}
