import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cursor, Cycle, CycleSummary } from '../../../core/model/cycle.ts';
import type { ContainerRef } from '../../../core/model/log-line.ts';
import type { ContainerPatterns } from '../../../core/model/pattern.ts';
import type { Workload } from '../../../core/model/workload.ts';
import { type ContainerRow, refOfRow } from './container-table.ts';
import { type CursorRow, cursorOf, type Section, type Sections } from './facts.ts';
import { KnownLines } from './known-lines.ts';
import { minuteRows } from './minute-lines.ts';
import { type PatternsRow, patternsOf, type TemplateRow } from './pattern-rows.ts';

const NEWLINE = 0x0a;

type Takes = (workload: Workload) => boolean;

/**
 * Reads cycles one after the other. What stands in one as it stood in the one before, mostly the pods' states and the containers' names, is
 * read once and shared: a day of cycles is one cycle and what changed.
 */
export class FactsReader {
  readonly #takes: Takes;
  readonly #known = new KnownLines<readonly unknown[]>();

  /** `only`: of pods, minutes and patterns those of these workloads. */
  constructor(only: Takes = () => true) {
    this.#takes = only;
  }

  /** Rejects with an Error that says what is wrong with the file of these frames. */
  async read(frames: readonly Buffer[], summary: CycleSummary): Promise<Cycle> {
    this.#known.begin();
    const decoder = new FactsDecoder();
    for (const frame of frames) {
      for (let start = 0; start < frame.length; ) {
        const end = frame.indexOf(NEWLINE, start);
        if (end === -1) throw new Error('a line of it is cut short');
        this.#take(frame.subarray(start, end), decoder);
        start = end + 1;
      }
      await nextTurn();
    }
    return decoder.finish(summary, this.#takes);
  }

  #take(line: Buffer, decoder: FactsDecoder): void {
    const section = SECTION.exec(line.toString('latin1', 0, LONGEST_HEAD))?.[1] ?? '';
    if (isLater(section)) decoder.addLater(section, line);
    else if (section === 'states' || section === 'containers')
      decoder.add(section, this.#known.get(line) ?? this.#known.add(line, itemsOf(section, line)));
    else decoder.add(section, parse(line));
  }
}

/** What stands in a file's lines until it is asked for: of a day of cycles, only the newest one's cursors are, and hardly anybody reads all. */
const LATER = ['cursors', 'minutes', 'templates', 'patterns'] as const;
type Later = (typeof LATER)[number];

function isLater(section: string): section is Later {
  return (LATER as readonly string[]).includes(section);
}

/** How each line begins. */
const SECTION = /^\["(\w+)",/;
const LONGEST_HEAD = 24;

/** A line's items; states and references are shared between cycles, and must not be changed. */
function itemsOf(section: 'states' | 'containers', line: Buffer): readonly unknown[] {
  const items = parse(line);
  // What `encode` wrote in this section: the file's checksum is right.
  return section === 'states' ? items : (items as readonly ContainerRow[]).map(refOfRow);
}

/** The items of a line as `encode` wrote it: the file's checksum is right, and `finish` looks at its version. */
function parse(line: Buffer): readonly unknown[] {
  const [, items] = JSON.parse(line.toString('utf8')) as [Section, readonly unknown[]];
  return items;
}

class FactsDecoder {
  readonly #sections: Readonly<Record<Section, unknown[]>> = {
    rest: [],
    containers: [],
    states: [],
    departed: [],
    nodes: [],
    objects: [],
    usage: [],
    events: [],
    restarts: [],
    terminations: [],
    minutes: [],
    templates: [],
    patterns: [],
    cursors: [],
    probes: [],
    eventCounts: [],
  };
  readonly #later: Readonly<Record<Later, Buffer[]>> = { cursors: [], minutes: [], templates: [], patterns: [] };

  add(section: string, items: readonly unknown[]): void {
    if (!Object.hasOwn(this.#sections, section)) throw new Error('it is not a file of this version of the store');
    // A section's name: just looked at.
    const all = this.#sections[section as Section];
    for (const item of items) all.push(item);
  }

  addLater(section: Later, line: Buffer): void {
    this.#later[section].push(line);
  }

  finish(summary: CycleSummary, takes: Takes): Cycle {
    // Each section holds what `encode` wrote into it; `containers` holds the references that were made of it.
    const sections = this.#sections as unknown as { readonly [S in Section]: readonly Sections[S][] };
    const {
      rest,
      containers,
      minutes: _later,
      templates: _too,
      patterns: _three,
      cursors: _four,
      states,
      eventCounts,
      objects,
      departed,
      probes,
      ...plain
    } = sections;
    const [head] = rest;
    if (head?.v !== 1) throw new Error('it is not a file of this version of the store');
    const refs = containers as unknown as readonly ContainerRef[];
    const refAt = (number: number) => {
      const ref = refs[number];
      if (ref === undefined) throw new Error(`it refers to container ${number}, which it does not name`);
      return ref;
    };
    const later = this.#later;
    const isTaken = ([container]: readonly [container: number, ...unknown[]]) => takes(refAt(container).workload);
    let cursors: readonly Cursor[] | null = null;
    let patterns: readonly ContainerPatterns[] | null = null;
    const readPatterns = () => {
      // What `encode` wrote in these sections: the file's checksum is right.
      const rows = (later.patterns.flatMap(parse) as readonly PatternsRow[]).filter(isTaken);
      const templates = rows.length === 0 ? [] : (later.templates.flatMap(parse) as readonly TemplateRow[]);
      return rows.map((row) => patternsOf(row, refAt(row[0]), templates));
    };
    return {
      ...summary,
      namespaces: head.namespaces,
      podsComplete: head.podsComplete,
      usageSource: head.usageSource,
      ...(head.patternsFrom === undefined ? {} : { patternsFrom: head.patternsFrom }),
      ...(head.self === undefined ? {} : { self: head.self }),
      ...(head.unread === undefined ? {} : { objects: { items: objects, unread: head.unread } }),
      // The first version did not write it down: what it found it has counted.
      ...(head.counted === null ? {} : { counted: head.counted ?? foundIn(later.minutes) }),
      ...plain,
      states: states.filter(({ workload }) => takes(workload)),
      ...(head.targets === undefined ? {} : { probes: { targets: head.targets, minutes: probes } }),
      ...(departed.length === 0 ? {} : { departed }),
      minutes: {
        *[Symbol.iterator]() {
          for (const line of later.minutes)
            for (const row of minuteRows(line, head.counted ?? []))
              if (isTaken(row)) yield { ref: refAt(row[0]), minutes: row[1] };
        },
      },
      get patterns() {
        patterns ??= readPatterns();
        return patterns;
      },
      get cursors() {
        cursors ??= later.cursors.flatMap((line) =>
          (parse(line) as readonly CursorRow[]).map((row) => cursorOf(row, refAt(row[0]))),
        );
        return cursors;
      },
      eventCounts: Object.fromEntries(eventCounts),
    };
  }
}

function foundIn(lines: readonly Buffer[]): NonNullable<Cycle['counted']> {
  const minutes = lines.flatMap((line) => minuteRows(line, [])).flatMap(([, own]) => own);
  return [...new Set(minutes.flatMap(({ matched, values }) => [...Object.keys(matched), ...Object.keys(values ?? {})]))];
}
