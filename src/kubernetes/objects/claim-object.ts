import type { ClaimObject } from '../../core/model/objects/cluster-object.ts';
import { child, text } from '../lists/raw-object.ts';
import { headOf, type ObjectKind } from './object-kind.ts';

export const claims: ObjectKind = {
  kind: 'PersistentVolumeClaim',
  group: '/api/v1',
  project(raw): ClaimObject {
    return {
      ...headOf(raw),
      kind: 'PersistentVolumeClaim',
      phase: text(child(raw, 'status'), 'phase'),
      storageClass: text(child(raw, 'spec'), 'storageClassName'),
    };
  },
};
