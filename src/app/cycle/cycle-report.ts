import type { Cycle } from '../../core/model/cycle.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { isClusterWide, type WatchScope } from '../../kubernetes/watch/watch-scope.ts';
import type { EngineParts } from './engine-parts.ts';
import { SourceLog } from './source-log.ts';

type Parts = Pick<EngineParts, 'metrics' | 'logger' | 'store'> & { readonly collect: WatchScope };

/** Tells of cycles in the log and in the metrics. */
export class CycleReport {
  readonly #parts: Parts;
  readonly #sources: SourceLog;
  #toldNodes = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#sources = new SourceLog(parts.logger);
  }

  /** Rules on nodes see nothing where nodes are not listed or there are none: that is told once. */
  rulesOnNodes(rules: readonly Rule[], { nodes, errors }: Pick<Cycle, 'nodes' | 'errors'>): void {
    const alerts = rules.filter(({ condition }) => condition.kind === 'node').map(({ alert }) => alert);
    if (this.#toldNodes || alerts.length === 0 || nodes.length > 0 || errors.some(({ source }) => source === 'nodes')) return;
    this.#toldNodes = true;
    const why = isClusterWide(this.#parts.collect)
      ? 'the cluster lists no nodes'
      : 'nodes are listed only where namespaces.include has a glob';
    this.#parts.logger.info('rules on nodes see nothing', { alerts, why });
  }

  scheduled(cycle: Cycle, isCommitted: boolean, seconds: number): void {
    const { metrics, logger } = this.#parts;
    metrics.count('tocsin_cycles_total', 'Cycles by outcome', {
      outcome: cycle.errors.length > 0 || !isCommitted ? 'partial' : 'complete',
    });
    metrics.set('tocsin_cycle_duration_seconds', 'How long the newest cycle took', {}, seconds);
    this.#read(cycle);
    this.#sources.cycleEnded(cycle.errors);
    logger.info('cycle done', {
      cycle: cycle.id,
      pods: cycle.pods,
      containers: cycle.containers,
      lines: cycle.lines,
      gaps: cycle.gaps.length,
      errors: cycle.errors.length,
      seconds: Math.round(seconds * 100) / 100,
    });
  }

  targeted(cycle: Cycle, seconds: number): void {
    const { metrics, logger } = this.#parts;
    metrics.count('tocsin_targeted_cycles_total', 'Cycles beside the schedule, of single pods', {});
    this.#read(cycle);
    logger.debug('targeted cycle done', {
      cycle: cycle.id,
      pods: cycle.pods,
      containers: cycle.containers,
      lines: cycle.lines,
      gaps: cycle.gaps.length,
      seconds: Math.round(seconds * 100) / 100,
    });
  }

  failed(isAbandoned: boolean): void {
    this.#parts.metrics.count('tocsin_cycles_total', 'Cycles by outcome', { outcome: isAbandoned ? 'abandoned' : 'failed' });
  }

  /** Cycles that were deleted because the store reached its size. */
  dropped(cycles: readonly string[]): void {
    if (cycles.length === 0) return;
    const { metrics } = this.#parts;
    metrics.count(
      'tocsin_store_dropped_cycles_total',
      'Cycles deleted early because the store reached max_size',
      {},
      cycles.length,
    );
  }

  #read(cycle: Cycle): void {
    const { metrics, store, logger } = this.#parts;
    metrics.count('tocsin_lines_total', 'Log lines read', {}, cycle.lines);
    for (const { reason, bytes } of cycle.gaps) {
      metrics.count('tocsin_gaps_total', 'Spans of logs that could not be read', { reason });
      if (bytes !== undefined) metrics.count('tocsin_lost_bytes_total', 'Estimated bytes of log text lost', { reason }, bytes);
    }
    const dropped = cycle.patterns.reduce((sum, each) => sum + each.dropped, 0);
    metrics.count('tocsin_patterns_dropped_total', 'Patterns of log lines that found no room, or had to make room', {}, dropped);
    if (dropped > 0)
      logger.once('patterns', 'the logs have more patterns than are kept: the least recently seen are forgotten', { dropped });
    metrics.set('tocsin_store_bytes', 'Bytes that the store takes on disk', {}, store.size());
  }
}
