type MetricLabels = Readonly<Record<string, string>>;

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly values: Map<string, { readonly labels: MetricLabels; value: number }>;
}

/** Counters and gauges in Prometheus' text format. One instance belongs to one process; a metric is declared by its first use. */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** Adds to a counter; `value` 0 declares it, so that it is shown before the first event. */
  count(name: string, help: string, labels: MetricLabels = {}, value = 1): void {
    this.#entry(name, help, 'counter', labels).value += value;
  }

  set(name: string, help: string, labels: MetricLabels, value: number): void {
    this.#entry(name, help, 'gauge', labels).value = value;
  }

  /** Drops every value of a gauge, before it is set anew for the label values that exist now. */
  reset(name: string): void {
    this.#families.get(name)?.values.clear();
  }

  render(): string {
    let text = '';
    for (const [name, family] of this.#families) {
      text += `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n`;
      for (const { labels, value } of family.values.values()) {
        const pairs = Object.entries(labels).map(
          ([key, label]) => `${key}="${label.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
        );
        text += `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
      }
    }
    return text;
  }

  #entry(name: string, help: string, type: Family['type'], labels: MetricLabels): { value: number } {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { help, type, values: new Map() };
      this.#families.set(name, family);
    }
    const key = keyOf(labels);
    let entry = family.values.get(key);
    if (entry === undefined) {
      entry = { labels, value: 0 };
      family.values.set(key, entry);
    }
    return entry;
  }
}

/** The same for the same labels, whatever their order. Counted for each request: one label, as nearly all have, is worth a short way. */
function keyOf(labels: MetricLabels): string {
  const entries = Object.entries(labels);
  const [only] = entries;
  return only !== undefined && entries.length === 1 ? only.join('=') : JSON.stringify(entries.sort());
}
