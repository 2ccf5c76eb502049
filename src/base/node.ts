import type { Problem } from './errors.ts';
import { cut } from './visible.ts';

/** Of a message so much is shown: what it quotes may be as long as the file. */
const MESSAGE_CHARACTERS = 1_500;

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A parsed file of any syntax, with the place of every part: what decoders read. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly at: Position;
  /** How a number or boolean is written where that is not its usual form: `1.10`, `007`. */
  readonly written?: string;
  /** The text came at least in part from outside the file (environment, secret file): numbers and booleans are read from it too. */
  readonly substituted?: true;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Position;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly at: Position;
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: Node;
}

/** Collects what is wrong with one file while it is decoded. */
export class Findings {
  readonly file: string;
  readonly problems: Problem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  error(at: Position, message: string): void {
    this.#add('error', at, message);
  }

  warning(at: Position, message: string): void {
    this.#add('warning', at, message);
  }

  get failed(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  #add(severity: Problem['severity'], { line, column }: Position, message: string): void {
    this.problems.push({ file: this.file, line, column, message: cut(message, MESSAGE_CHARACTERS), severity });
  }
}

/** A scalar where a text is meant: as it is written, so that `1.10` does not become `1.1`; `null` for what is left out. */
export function writtenText({ value, written }: ScalarNode): string | null {
  return value === null ? null : (written ?? String(value));
}

/** What was found, as an error message names it: `the list`, `"abc"`, `12`. */
export function describe(node: Node): string {
  switch (node.kind) {
    case 'scalar':
      return node.value === null
        ? 'nothing'
        : typeof node.value === 'string'
          ? JSON.stringify(node.value.slice(0, 80))
          : String(node.value);
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    default:
      return node satisfies never;
  }
}
