/** The registry of commands, in the order of the help. */
import { alerts } from './alerts.ts';
import { backtest } from './backtest.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { explain } from './explain.ts';
import { health } from './health.ts';
import { logs } from './logs.ts';
import { once } from './once.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { silence } from './silence.ts';
import { test } from './test.ts';

export const COMMANDS: readonly Command[] = [run, once, check, test, backtest, explain, logs, alerts, silence, health, schema];
