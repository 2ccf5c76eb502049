import type { Alert, Labels } from '../../model/alert.ts';
import type { Inhibition, Suppression } from '../../model/suppression.ts';
import { subjectOf } from '../facts.ts';
import { matchesAnyOf } from '../routing.ts';

export interface InhibitInput {
  readonly inhibitions: readonly Inhibition[];
  /** Those that fire at the moment in question. */
  readonly firing: readonly Alert[];
  /** The nodes of an alert's pods; none when they are not known. */
  readonly nodesOf: (alert: Alert) => readonly string[];
}

/**
 * What inhibits an alert, if anything does. As in Alertmanager, a label that neither side has agrees, and an alert that both
 * `source` and `target` match is not inhibited by such alerts, itself included.
 * For `equal: [node]` every node of the target must be one of a source's: a pod that fails elsewhere keeps the alert told.
 */
export function inhibitor({ inhibitions, firing, nodesOf }: InhibitInput): (alert: Alert) => Suppression | null {
  const ways = inhibitions.map((inhibition) => {
    const labels = inhibition.equal.filter((name) => name !== NODE);
    const sources = firing.filter((alert) => matchesAnyOf(inhibition.source, alert.labels));
    return { ...inhibition, labels, byLabels: Map.groupBy(sources, (alert) => valuesOf(alert.labels, labels)) };
  });
  return (alert) => {
    for (const { source, target, equal, labels, byLabels } of ways) {
      if (byLabels.size === 0 || !matchesAnyOf(target, alert.labels)) continue;
      const isBoth = matchesAnyOf(source, alert.labels);
      const sources = (byLabels.get(valuesOf(alert.labels, labels)) ?? []).filter(
        ({ id, labels: own }) => id !== alert.id && !(isBoth && matchesAnyOf(target, own)),
      );
      const found = equal.includes(NODE) ? onItsNodes(alert, sources, nodesOf) : sources[0];
      if (found !== undefined) return inhibitedBy(found);
    }
    return null;
  };
}

const NODE = 'node';

function valuesOf(labels: Labels, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name] ?? ''));
}

/** A source on one of the alert's nodes, when the sources together are on all of them. */
function onItsNodes(alert: Alert, sources: readonly Alert[], nodesOf: InhibitInput['nodesOf']): Alert | undefined {
  if (sources.length === 0) return undefined;
  const nodes = nodesOf(alert);
  const byNode = new Map(sources.flatMap((source) => nodesOf(source).map((node) => [node, source])));
  return nodes.length > 0 && nodes.every((node) => byNode.has(node)) ? byNode.get(nodes[0] ?? '') : undefined;
}

function inhibitedBy(source: Alert): Suppression {
  return {
    by: 'inhibition',
    text: `inhibited by ${source.alert} ${subjectOf(source.labels)}`.trimEnd(),
    id: source.id,
    until: null,
  };
}
