import type { NodeState } from '../../core/model/pod.ts';
import type { Api } from '../session/http.ts';
import { readList } from './list.ts';
import { projectCondition } from './pods.ts';
import { parseQuantity } from './quantity.ts';
import { child, list, type RawObject, text } from './raw-object.ts';

/** Every node, projected to what rules and the order of reads need. */
export async function readNodes(api: Api, redact: (text: string) => string, signal: AbortSignal): Promise<readonly NodeState[]> {
  let nodes: NodeState[] = [];
  const read = {
    onItem: (item: RawObject) => void nodes.push(projectNode(item, redact)),
    onRestart: () => {
      nodes = [];
    },
  };
  await readList(api, '/api/v1/nodes', read, signal);
  return nodes;
}

/** What rules and the order of reads need of a node; `redact` takes secrets out of what its conditions say. */
export function projectNode(node: RawObject, redact: (text: string) => string): NodeState {
  const status = child(node, 'status');
  const allocatable = child(status, 'allocatable');
  const same = (value: string) => value;
  const conditions = list(status, 'conditions').map((condition) => projectCondition(condition, same, redact));
  return {
    name: text(child(node, 'metadata'), 'name'),
    ready: conditions.find((condition) => condition.type === 'Ready')?.status ?? 'Unknown',
    conditions,
    unschedulable: child(node, 'spec')['unschedulable'] === true,
    allocatable: { cpu: parseQuantity(allocatable['cpu']), memory: parseQuantity(allocatable['memory']) },
  };
}
