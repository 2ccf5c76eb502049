import type { QuotaObject } from '../../core/model/objects/cluster-object.ts';
import { parseQuantity } from '../lists/quantity.ts';
import { child } from '../lists/raw-object.ts';
import { headOf, type ObjectKind } from './object-kind.ts';

export const quotas: ObjectKind = {
  kind: 'ResourceQuota',
  group: '/api/v1',
  project(raw): QuotaObject {
    const status = child(raw, 'status');
    const used = child(status, 'used');
    return {
      ...headOf(raw),
      kind: 'ResourceQuota',
      resources: Object.entries(child(status, 'hard')).flatMap(([name, hard]) => {
        const [limit, now] = [parseQuantity(hard), parseQuantity(used[name])];
        return limit === null || now === null
          ? []
          : [{ name, used: now, hard: limit, text: `${name}: ${String(used[name])} of ${String(hard)}` }];
      }),
    };
  },
};
