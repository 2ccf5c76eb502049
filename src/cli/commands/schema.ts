import { FILE_KINDS, jsonSchema } from '../../config/json-schema.ts';
import type { Command } from '../command.ts';

export const schema: Command = {
  name: 'schema',
  summary: 'Prints the JSON Schema of a kind of file, for editors',
  usage: 'schema [settings|rules|tests]',
  positionals: 1,
  options: {},
  async run({ args, stdout, stderr }) {
    const asked = args.positionals[0] ?? 'settings';
    const kind = FILE_KINDS.find((each) => each === asked);
    if (kind === undefined) {
      stderr(`tocsin schema: expected one of ${FILE_KINDS.join(', ')}, found ${JSON.stringify(asked)}\n`);
      return 2;
    }
    stdout(`${JSON.stringify(jsonSchema(kind), null, 2)}\n`);
    return 0;
  },
};
