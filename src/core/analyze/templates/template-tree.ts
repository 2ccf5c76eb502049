import type { Level } from '../../model/log-line.ts';
import { WILDCARD } from './mask.ts';

/** One template that is known: what it says may still widen, its id stays. */
export interface Cluster {
  readonly id: string;
  readonly level: Level;
  /** As shown. */
  tokens: readonly string[];
  /** As compared: every mark is a wildcard. */
  shape: readonly string[];
  readonly sample: string;
  /** Epoch milliseconds of its newest record. */
  lastAt: number;
  /** The tree no longer has it. */
  forgotten: boolean;
}

/** This share of a text's tokens must be a template's own, in their places. */
const ALIKE = 0.7;
/** Where so many templates of one length and begin are known, some of their words are names: less alike is enough. */
const CROWD = 8;
const ALIKE_IN_CROWD = 0.5;
/** Of a widened template this share stays fixed, else it would say nothing. */
const FIXED = 0.3;

/**
 * Templates of one container name of one workload, in the manner of Drain: by level, number of tokens, first token and exceptions, then the most
 * alike. A text that is alike enough widens the template by wildcards where the words differ.
 */
export class TemplateTree {
  readonly #buckets = new Map<string, Cluster[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return [...this.#buckets.values()].some((bucket) => bucket.some((cluster) => cluster.id === id));
  }

  /** The template that takes a text; `null` when none is alike enough. */
  find(level: Level, shape: readonly string[]): Cluster | null {
    const bucket = this.#buckets.get(bucketOf(level, shape));
    if (bucket === undefined) return null;
    let best: Cluster | null = null;
    let bestShare = bucket.length >= CROWD ? ALIKE_IN_CROWD : ALIKE;
    for (const cluster of bucket) {
      const share = alikeness(cluster.shape, shape);
      if (share < bestShare || (share === bestShare && best !== null)) continue;
      [best, bestShare] = [cluster, share];
      if (share === 1) return cluster;
    }
    return best !== null && widen(best, shape) ? best : null;
  }

  add(cluster: Cluster): void {
    const key = bucketOf(cluster.level, cluster.shape);
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, [cluster]);
    else bucket.push(cluster);
    this.#size++;
  }

  /** Forgets what was not seen since; answers how many templates that were. */
  forgetUntil(lastAt: number): number {
    const before = this.#size;
    for (const [key, bucket] of this.#buckets) {
      const kept = bucket.filter((cluster) => {
        cluster.forgotten = cluster.lastAt <= lastAt;
        return !cluster.forgotten;
      });
      this.#size -= bucket.length - kept.length;
      if (kept.length === 0) this.#buckets.delete(key);
      else this.#buckets.set(key, kept);
    }
    return before - this.#size;
  }

  /** When each template was seen last. */
  lastTimes(): readonly number[] {
    return [...this.#buckets.values()].flatMap((bucket) => bucket.map(({ lastAt }) => lastAt));
  }
}

/** Two exceptions are never one pattern. */
const THROWN = /[A-Z]\w*(?:Exception|Error|Throwable|Fault)\b/;

function bucketOf(level: Level, shape: readonly string[]): string {
  const [first = '', ...rest] = shape;
  return [level, shape.length, first, ...rest.filter((token) => THROWN.test(token))].join(' ');
}

function alikeness(template: readonly string[], shape: readonly string[]): number {
  let same = 0;
  for (let i = 0; i < shape.length; i++) if (template[i] === shape[i] || template[i] === WILDCARD) same++;
  return shape.length === 0 ? 1 : same / shape.length;
}

/** Puts wildcards where the text differs, unless too little would stay fixed. */
function widen(cluster: Cluster, shape: readonly string[]): boolean {
  const isFixed = (token: string, i: number) => token === shape[i] && token !== WILDCARD;
  if (cluster.shape.filter(isFixed).length / shape.length < FIXED) return false;
  const differs = cluster.shape.map((token, i) => token !== shape[i] && token !== WILDCARD);
  cluster.tokens = cluster.tokens.map((token, i) => (differs[i] ? WILDCARD : token));
  cluster.shape = cluster.shape.map((token, i) => (differs[i] ? WILDCARD : token));
  return true;
}
