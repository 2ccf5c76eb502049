import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed.ts';

const PARSERS = `[PARSER]
    name        level
    format      regex
    regex       ^(?<time>[^ ]+) (?:.*"level":"?(?<level>\\w+)|.*level=(?<level>\\w+)|(?<level>[IWEF])\\d{4} |[^ ]+ [^ ]+ +(?<level>[A-Z]+) )?
    time_key    time
    time_format %Y-%m-%dT%H:%M:%S.%L
`;

/** The command that counts lines by level with fluent-bit; `null` where it is not installed. */
export function fluentBit(folder: string, files: readonly string[]): readonly string[] | null {
  if (!isInstalled('fluent-bit')) return null;
  const parsers = join(folder, 'parsers.conf');
  const config = join(folder, 'fluent-bit.conf');
  writeFileSync(parsers, PARSERS);
  writeFileSync(config, configOf(parsers, files));
  return ['fluent-bit', '-q', '-c', config];
}

function configOf(parsers: string, files: readonly string[]): string {
  return `[SERVICE]
    flush        1
    parsers_file ${parsers}
[INPUT]
    name            tail
    path            ${files.join(',')}
    read_from_head  on
    exit_on_eof     on
    parser          level
    buffer_max_size 1M
[FILTER]
    name               log_to_metrics
    match              *
    tag                counts
    metric_mode        counter
    metric_name        lines
    metric_description lines by level
    label_field        level
[OUTPUT]
    name  null
    match *
`;
}
