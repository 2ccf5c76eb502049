import type { Command } from './command.ts';

/** Options that every command takes. */
export const GLOBAL_OPTIONS: Command['options'] = {
  config: { type: 'string', description: 'settings file (default: tocsin.yaml in the working directory, if there)' },
  rules: { type: 'string', description: 'folder of rule files' },
  data: { type: 'string', description: 'folder of the store' },
  kubeconfig: { type: 'string', description: 'kubeconfig file' },
  context: { type: 'string', description: 'context of the kubeconfig' },
  'log-level': { type: 'string', description: 'debug, info, warn or error (default: info)' },
  json: { type: 'boolean', description: 'machine-readable output' },
  help: { type: 'boolean', description: 'show this help' },
  version: { type: 'boolean', description: 'show the version' },
};

export function helpForAll(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [command.name, command.summary]);
  return `Tocsin watches a Kubernetes cluster through its logs and states, and tells people.

usage: tocsin COMMAND [options]

commands
${table(rows)}
options of every command, before or behind it
${table(optionRows(GLOBAL_OPTIONS))}
"tocsin COMMAND --help" says more. No cluster at hand? "npm run demo" shows it all on a simulated one.
`;
}

export function helpFor(command: Command): string {
  const own = optionRows(command.options);
  return `${command.summary}

usage: tocsin ${command.usage}
${own.length > 0 ? `\noptions\n${table(own)}` : ''}
options of every command
${table(optionRows(GLOBAL_OPTIONS))}`;
}

function optionRows(options: Command['options']): [string, string][] {
  return Object.entries(options).map(([name, { type, description }]) => [
    `--${name}${type === 'string' ? ' …' : ''}`,
    description,
  ]);
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}
