import type { AutoscalerObject } from '../../core/model/objects/cluster-object.ts';
import type { PodCondition } from '../../core/model/pod.ts';
import { parseQuantity } from '../lists/quantity.ts';
import { child, list, number, type RawObject, text } from '../lists/raw-object.ts';
import { headOf, type ObjectKind, statusCondition } from './object-kind.ts';

export const autoscalers: ObjectKind = {
  kind: 'HorizontalPodAutoscaler',
  group: '/apis/autoscaling/v2',
  project(raw, redact): AutoscalerObject {
    const spec = child(raw, 'spec');
    const status = child(raw, 'status');
    const target = child(spec, 'scaleTargetRef');
    const current = list(status, 'currentMetrics').map(metricOf);
    return {
      ...headOf(raw),
      kind: 'HorizontalPodAutoscaler',
      target: `${text(target, 'kind')}/${text(target, 'name')}`,
      min: 'minReplicas' in spec ? number(spec, 'minReplicas') : 1,
      max: number(spec, 'maxReplicas'),
      current: number(status, 'currentReplicas'),
      desired: number(status, 'desiredReplicas'),
      limited: statusCondition(raw, 'ScalingLimited', redact),
      ...unableOf(statusCondition(raw, 'AbleToScale', redact), statusCondition(raw, 'ScalingActive', redact)),
      metrics: list(spec, 'metrics').flatMap((wanted) => {
        const metric = metricOf(wanted);
        const found = current.find((each) => each.name === metric.name);
        return found === undefined ? [] : comparison(metric, found.values);
      }),
    };
  },
};

/** A target that is scaled to nothing by hand switches its autoscaler off: that is no fault. */
function unableOf(able: PodCondition | null, active: PodCondition | null): Pick<AutoscalerObject, 'unable'> {
  const unable = [able, active].find((each) => each?.status === 'False' && each.reason !== 'ScalingDisabled');
  return unable == null ? {} : { unable };
}

interface Metric {
  readonly name: string;
  /** What it is, or is to be: `averageUtilization`, `averageValue` or `value`. */
  readonly values: RawObject;
}

/** A metric's name and numbers, of the wanted and the measured alike. */
function metricOf(raw: RawObject): Metric {
  const type = text(raw, 'type');
  const source = child(raw, type.charAt(0).toLowerCase() + type.slice(1));
  const name = text(source, 'name') || text(child(source, 'metric'), 'name');
  return { name, values: 'current' in source ? child(source, 'current') : child(source, 'target') };
}

function comparison({ name, values: wanted }: Metric, found: RawObject): AutoscalerObject['metrics'] {
  const share = number(wanted, 'averageUtilization');
  if (share > 0) {
    const now = number(found, 'averageUtilization');
    return [{ text: `${name} at ${now}% of its request, with a target of ${share}%`, above: now > share }];
  }
  for (const key of ['averageValue', 'value']) {
    const [target, now] = [parseQuantity(wanted[key]), parseQuantity(found[key])];
    if (target === null || now === null) continue;
    return [{ text: `${name} at ${String(found[key])}, with a target of ${String(wanted[key])}`, above: now > target }];
  }
  return [];
}
