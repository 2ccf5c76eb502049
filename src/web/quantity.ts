import { humanSize } from '../base/size.ts';
import type { Alert } from '../core/model/alert.ts';
import { formatValue } from '../core/rules/evaluation/value-text.ts';

/** `1,234,567`. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 pod`, `1,204 pods`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** A fraction as per cent: `41%`, below ten with one decimal: `4.2%`. */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return '0%';
  if (percent < 0.05) return '<0.1%';
  return `${percent < 9.95 ? Math.round(percent * 10) / 10 : Math.round(percent)}%`;
}

/** CPU as Kubernetes writes it: `250m` below one core, else `1.5`. */
export function coresText(cores: number): string {
  return cores < 1 ? `${Math.round(cores * 1000)}m` : String(Math.round(cores * 10) / 10);
}

/** A value in the unit of its alert; `null` when there is none. */
export function valueText(value: number | null, unit: Alert['unit']): string | null {
  if (value === null) return null;
  switch (unit) {
    case 'ratio':
      return percentText(value);
    case 'bytes':
      return humanSize(value);
    case 'cores':
      return coresText(value);
    case 'count':
      return countText(value);
    case 'milliseconds':
      return formatValue(value, unit);
    case 'none':
      return String(value);
    default:
      return unit satisfies never;
  }
}
