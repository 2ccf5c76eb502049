import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Configuration } from '../config/load.ts';
import { isBlank, type RulesRequest, type RuleTexts } from '../config/rules/rule-file.ts';
import { writeDurably } from '../store/json/documents/durable-file.ts';

const FILE = 'last-good-rules.json';

/** Keeps the rules that are in force beside the store, so that a restart with a broken rule file can go on with them. */
export async function keepLastGoodRules(folder: string, texts: RuleTexts, logger: Logger): Promise<void> {
  const written = Buffer.from(JSON.stringify({ v: 1, files: Object.fromEntries(texts) }));
  const path = join(folder, FILE);
  try {
    if ((await readFile(path).catch(() => null))?.equals(written) === true) return;
    await mkdir(folder, { recursive: true });
    await writeDurably(path, written);
  } catch (error) {
    // The rules are in force all the same.
    logger.once('last good rules', 'could not keep a copy of the rules for a restart', { error: messageOf(error) });
  }
}

/**
 * What a start begins with: the configuration as it was read or, where only its rules are broken or gone, with those that were in force last.
 * `load` reads everything anew; the problems are those of the files as they are.
 */
export async function withLastGoodRules(load: Load): Promise<Configuration> {
  const read = load();
  const isWhole = read.rules !== null && read.ruleTexts.size > 0 && ![...read.ruleTexts.values()].some(isBlank);
  if (read.settings === null || isWhole) return read;
  const texts = await readLastGoodRules(read.settings.store.path);
  if (texts === null) return read;
  const { rules, ruleTexts } = load({ texts });
  const now = load({ inForce: texts });
  return now.rules !== null || rules === null ? read : { ...now, rules, ruleTexts };
}

/** Reads settings and rules anew. */
export type Load = (given?: Pick<RulesRequest, 'texts' | 'inForce'>) => Configuration;

/** `null` when there is no copy, or none that can be read. */
async function readLastGoodRules(folder: string): Promise<RuleTexts | null> {
  let read: unknown;
  try {
    read = JSON.parse(await readFile(join(folder, FILE), 'utf8'));
  } catch {
    // Never written, or damaged: then the broken files are all there is, and their problems are told.
    return null;
  }
  if (typeof read !== 'object' || read === null || !('files' in read)) return null;
  const { files } = read;
  if (typeof files !== 'object' || files === null) return null;
  const texts = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? null : new Map(texts);
}
