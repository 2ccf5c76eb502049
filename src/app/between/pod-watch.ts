import type { Clock } from '../../base/clock.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Settings } from '../../config/settings.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import type { Session } from '../../kubernetes/session/session.ts';
import { PodWatch } from '../../kubernetes/watch/pod-watch.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { FastLane } from './fast-lane.ts';
import type { HotReads } from './hot-reads.ts';

/** The watch of the chosen pods, with a targeted read for what crashes in them. */
export function openPodWatch(parts: {
  readonly settings: Pick<Settings, 'namespaces' | 'logs'>;
  readonly session: Session;
  readonly engine: Engine;
  readonly targeted: TargetedCycles;
  readonly hotReads: HotReads;
  readonly clock: Clock;
  readonly metrics: Metrics;
}): PodWatch {
  const { settings, session, metrics } = parts;
  const redactor = createRedactor(settings.logs.redact);
  const lane = new FastLane(parts);
  return new PodWatch({
    session,
    metrics,
    ...settings.namespaces,
    redact: (text) => redactor.redactText(text),
    onPod(pod, isGone) {
      lane.take(pod, isGone);
      parts.hotReads.take(pod, isGone);
    },
  });
}
