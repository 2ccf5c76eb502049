import { MINUTE } from '../../../base/duration.ts';
import type { ProbeMinute, ProbeReading } from '../probe.ts';
import type { ProbeHistory } from './window.ts';

/** The probes of the window, minute by minute. */
export class WindowProbes implements ProbeHistory {
  readonly #minutes = new Map<string, Map<number, ProbeMinute>>();
  #targets: ProbeReading['targets'] = [];

  get targets(): ProbeReading['targets'] {
    return this.#targets;
  }

  add({ targets, minutes }: ProbeReading): void {
    this.#targets = targets;
    for (const minute of minutes) {
      const known = this.#minutes.get(minute.name) ?? new Map<number, ProbeMinute>();
      this.#minutes.set(minute.name, known);
      known.set(minute.minute, minute);
    }
  }

  at(name: string, minute: number): ProbeMinute | null {
    return this.#minutes.get(name)?.get(minute) ?? null;
  }

  history(name: string): readonly ProbeMinute[] {
    return [...(this.#minutes.get(name)?.values() ?? [])].sort((a, b) => a.minute - b.minute);
  }

  expire(before: number): void {
    for (const [name, minutes] of this.#minutes) {
      for (const minute of minutes.keys()) if (minute * MINUTE < before) minutes.delete(minute);
      if (minutes.size === 0) this.#minutes.delete(name);
    }
  }
}
