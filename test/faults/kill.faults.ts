import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { killRun } from './kill-run.ts';

test('nothing is lost when the daemon is killed at a hundred random moments', (context) =>
  killRun(context, { kills: 100, longest: 1_500, seed: Number(process.env['TOCSIN_TEST_SEED'] ?? randomInt(1e9)) }));

test('nothing is lost and next to nothing comes twice when the daemon is told to end at a hundred random moments', (context) =>
  killRun(context, {
    kills: 100,
    longest: 700,
    seed: Number(process.env['TOCSIN_TEST_SEED'] ?? randomInt(1e9)),
    signal: 'SIGTERM',
  }));
