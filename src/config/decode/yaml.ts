import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import type { Findings, MapEntry, Node, Position } from '../../base/node.ts';
import { cut } from '../../base/visible.ts';
import { reportSyntax, wantsQuotes } from './syntax.ts';

/** Bounds of one file: what a person writes stays far below, and what is above cannot stall the daemon. */
export const MAX_FILE_BYTES = 1024 * 1024;
const MAX_ALIASES = 50;
const MAX_DEPTH = 50;
const MAX_NODES = 100_000;
/** An alias is a name, and a text that was meant to be in quotes may be long. */
const ALIAS_CHARACTERS = 80;

/** Tags that mean what the core schema does anyway. */
const PLAIN_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`));

/** Parses YAML 1.2 (core schema) into nodes with places; reports every problem and returns `null` when the text cannot be used. An empty file is a null scalar. */
export function parseYaml(bytes: Uint8Array, findings: Findings): Node | null {
  const start: Position = { line: 1, column: 1 };
  if (bytes.length > MAX_FILE_BYTES) {
    findings.error(start, `the file has ${bytes.length} bytes, more than 1 MiB`);
    return null;
  }
  const source = decodeUtf8(bytes);
  if (source === null) {
    findings.error(start, 'the file is not UTF-8 text');
    return null;
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(source, {
    lineCounter: lines,
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return { kind: 'scalar', value: null, at: start };
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, source.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (reportSyntax(documents, source, findings, place)) return null;
  const [document, second] = documents;
  if (second !== undefined) {
    findings.error(place(second.range[0]), 'a second document starts here; a file has exactly one');
    return null;
  }
  const before = findings.problems.length;
  const root = document?.contents;
  const node: Node =
    root === null || root === undefined
      ? { kind: 'scalar', value: null, at: start }
      : new Converter(findings, place).convert(root, 0, start);
  return findings.problems.length > before ? null : node;
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Turns the library's tree into ours; aliases become copies within a bound. */
class Converter {
  readonly #findings: Findings;
  readonly #place: (offset: number) => Position;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #open = new Set<YamlNode>();
  #aliases = 0;
  #nodes = 0;
  #stopped = false;

  constructor(findings: Findings, place: (offset: number) => Position) {
    this.#findings = findings;
    this.#place = place;
  }

  convert(source: unknown, depth: number, fallback: Position): Node {
    // The library's trees hold Alias, Scalar, YAMLMap, YAMLSeq, or null for a value that was left out.
    const node = source as YamlNode | null;
    const at = node?.range ? this.#place(node.range[0]) : fallback;
    const nothing: Node = { kind: 'scalar', value: null, at };
    if (node === null || node === undefined || this.#stopped) return nothing;
    if (depth > MAX_DEPTH) return this.#stop(at, 'nested too deeply');
    if (++this.#nodes > MAX_NODES) return this.#stop(at, `more than ${MAX_NODES} values`);
    if (isAlias(node)) return this.#alias(node, depth, at);
    if (node.tag !== undefined && !PLAIN_TAGS.has(node.tag)) {
      this.#findings.error(at, `unknown tag ${node.tag}`);
      return nothing;
    }
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const converted = this.#collection(node, depth, at) ?? nothing;
    this.#open.delete(node);
    return converted;
  }

  #collection(node: YamlNode, depth: number, at: Position): Node | null {
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node, depth, at), at };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.convert(item, depth + 1, at)), at };
    if (!isScalar(node)) return null;
    const { value } = node;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const { source: written } = node;
      const isOdd = value !== null && written !== undefined && written !== String(value);
      return { kind: 'scalar', value, at, ...(isOdd ? { written } : {}) };
    }
    return { kind: 'scalar', value: node.source ?? String(value), at };
  }

  #entries(map: YAMLMap, depth: number, at: Position): MapEntry[] {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const keyNode = pair.key;
      const keyAt = isNode(keyNode) && keyNode.range ? this.#place(keyNode.range[0]) : at;
      if (!isScalar(keyNode)) {
        // A template without quotes: `{{ workload }}` is a map in a map.
        if (map.flow === true && isMap(keyNode)) this.#findings.error(at, wantsQuotes('{'));
        else this.#findings.error(keyAt, 'a key must be a plain text');
        continue;
      }
      const key = keyNode.source ?? String(keyNode.value);
      const first = entries.get(key);
      if (first !== undefined) {
        this.#findings.error(keyAt, `duplicate key ${JSON.stringify(key)}: it is already at line ${first.keyAt.line}`);
        continue;
      }
      entries.set(key, { key, keyAt, value: this.convert(pair.value, depth + 1, keyAt) });
    }
    return [...entries.values()];
  }

  #alias(alias: Alias, depth: number, at: Position): Node {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) return this.#stop(at, `unknown alias *${cut(alias.source, ALIAS_CHARACTERS)}; ${wantsQuotes('*')}`);
    if (this.#open.has(target)) return this.#stop(at, `alias *${alias.source} contains itself`);
    if (++this.#aliases > MAX_ALIASES) return this.#stop(at, `more than ${MAX_ALIASES} aliases`);
    // What is wrong inside is reported at the anchor's place, which is where it stands.
    return this.convert(target, depth + 1, at);
  }

  #stop(at: Position, message: string): Node {
    this.#stopped = true;
    this.#findings.error(at, message);
    return { kind: 'scalar', value: null, at };
  }
}
