/** The registry of commands, in the order of the help. */
import { alerts } from './alerts.ts';
import type { Command } from './command.ts';
import { health } from './health.ts';
import { logs } from './logs.ts';
import { once } from './once.ts';
import { run } from './run.ts';

export const COMMANDS: readonly Command[] = [run, once, logs, alerts, health];
