import { LEVELS, type Level } from '../../model/log-line.ts';
import { MOST_PATTERNS, MOST_PATTERNS_PER_CONTAINER, type Pattern } from '../../model/pattern.ts';
import { textHash } from '../../model/text-hash.ts';
import type { Workload } from '../../model/workload.ts';
import { gistOf } from './gist.ts';
import { shapeOf, tokensOf } from './mask.ts';
import { RecentShapes } from './recent-shapes.ts';
import { HEAD_BYTES, recordShape, TAIL_BYTES } from './record-hash.ts';
import { type Cluster, TemplateTree } from './template-tree.ts';

/** So many of the patterns that are known go at a time to make room. */
const FORGOTTEN_SHARE = 0.1;
/** Shapes of records whose pattern is remembered, by container name, and whose words are, by themselves. */
const MOST_SHAPES = 65_536;
const MOST_WORDS = 16_384;
/** Different words that are held once; most logs use few. */
const MOST_TOKENS = 16_384;
/** Keeps the same shape of two containers apart. */
const SCOPE_STEP = 0x9e3779b1;
const SAMPLE_CHARACTERS = 400;

/** The patterns of one container name of one workload. */
export interface PatternScope {
  readonly number: number;
  readonly tree: TemplateTree;
  /** Patterns that had to go, or could not come, since this was last set back. */
  dropped: number;
}

/**
 * Finds the pattern of each record: a template in which numbers, addresses, times, quoted texts and the like, and words that differ between alike
 * records, are left open. What it knows lives as long as it does; after a restart it goes on from what was stored.
 */
export class PatternMiner {
  readonly #scopes = new Map<string, PatternScope>();
  readonly #byShape = new RecentShapes<Cluster>(MOST_SHAPES);
  /** What records of a shape say, whoever writes them: to look closely takes most of the time. */
  readonly #words = new RecentShapes<Words>(MOST_WORDS);
  readonly #tokens = new Map<string, string>();
  #total = 0;
  #numbers = 0;

  /** The scope of a container name of a workload; the same one for the same names. */
  scope(workload: Workload, container: string): PatternScope {
    const key = `${workload.namespace}/${workload.kind}/${workload.name}/${container}`;
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      scope = { number: this.#numbers++, tree: new TemplateTree(), dropped: 0 };
      this.#scopes.set(key, scope);
    }
    return scope;
  }

  /** Goes on with a pattern that was found before. */
  know(scope: PatternScope, { id, level, template, sample, lastAt }: Pattern): void {
    const tokens = template.split(' ');
    const shape = shapeOf(tokens);
    if (!scope.tree.has(id)) this.#add(scope, { id, level, tokens, shape, sample, lastAt, forgotten: false });
  }

  /**
   * The pattern of the record `bytes[start, end)`, whose further lines begin with a space; `at` in epoch milliseconds. `null` when its shape is new and
   * `mayFind` is not set: to look more closely takes time.
   */
  patternOf(
    scope: PatternScope,
    bytes: Buffer,
    start: number,
    end: number,
    { level, at, mayFind }: { readonly level: Level; readonly at: number; readonly mayFind: boolean },
  ): Cluster | null {
    const { low, high } = recordShape(bytes, start, end);
    const scoped = low ^ Math.imul(scope.number * LEVELS.length + level + 1, SCOPE_STEP);
    let cluster = this.#byShape.get(scoped, high);
    if (cluster === undefined || cluster.forgotten) {
      if (!mayFind) return null;
      let words = this.#words.get(low, high);
      if (words === undefined) {
        words = this.#wordsOf(textOf(bytes, start, end));
        this.#words.set(low, high, words);
      }
      cluster = scope.tree.find(level, words.shape) ?? this.#found(scope, words, { level, at, text: textOf(bytes, start, end) });
      this.#byShape.set(scoped, high, cluster);
    }
    if (at > cluster.lastAt) cluster.lastAt = at;
    return cluster;
  }

  #wordsOf(text: string): Words {
    const tokens = tokensOf(gistOf(text)).map((token) => this.#once(token));
    return { tokens, shape: shapeOf(tokens).map((token) => this.#once(token)) };
  }

  /** The same text for the same token, and a copy: a piece of a line would keep the whole line. */
  #once(token: string): string {
    const known = this.#tokens.get(token);
    if (known !== undefined) return known;
    if (this.#tokens.size >= MOST_TOKENS) this.#tokens.clear();
    const own = Buffer.from(token).toString();
    this.#tokens.set(own, own);
    return own;
  }

  #found(
    scope: PatternScope,
    { tokens, shape }: Words,
    { level, at, text }: { readonly level: Level; readonly at: number; readonly text: string },
  ): Cluster {
    const sample = text.length > SAMPLE_CHARACTERS ? `${text.slice(0, SAMPLE_CHARACTERS)}…`.toWellFormed() : text;
    const id = textHash(`${level} ${shape.join(' ')}`);
    const cluster: Cluster = { id, level, tokens, shape, sample, lastAt: at, forgotten: false };
    this.#add(scope, cluster);
    return cluster;
  }

  #add(scope: PatternScope, cluster: Cluster): void {
    if (scope.tree.size >= MOST_PATTERNS_PER_CONTAINER) this.#forget([scope]);
    if (this.#total >= MOST_PATTERNS) this.#forget([...this.#scopes.values()]);
    scope.tree.add(cluster);
    this.#total++;
  }

  #forget(scopes: readonly PatternScope[]): void {
    const times = scopes.flatMap(({ tree }) => tree.lastTimes()).sort((a, b) => a - b);
    const until = times[Math.floor(times.length * FORGOTTEN_SHARE)] ?? 0;
    for (const scope of scopes) scope.dropped += scope.tree.forgetUntil(until);
    for (const [key, { tree }] of this.#scopes) if (tree.size === 0) this.#scopes.delete(key);
    this.#total = [...this.#scopes.values()].reduce((sum, { tree }) => sum + tree.size, 0);
  }
}

interface Words {
  readonly tokens: readonly string[];
  readonly shape: readonly string[];
}

function textOf(bytes: Buffer, start: number, end: number): string {
  if (end - start <= HEAD_BYTES + TAIL_BYTES) return lines(bytes.toString('utf8', start, end));
  return lines(`${bytes.toString('utf8', start, start + HEAD_BYTES)}\n ${bytes.toString('utf8', end - TAIL_BYTES, end)}`);
}

function lines(text: string): string {
  return text.replaceAll('\n ', '\n');
}
