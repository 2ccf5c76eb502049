import { timeText } from '../cluster/json.ts';
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { type Actor, script } from './actor.ts';

/** What is wrong with objects beside pods: a job that fails for good, an autoscaler at its maximum. */
export function objectActors(cluster: SimulatedCluster, start: number): Actor[] {
  return [invoices(cluster, start), autoscaler(cluster, start)];
}

/** A job that fails twice, 55 s and 80 s into the demo, and is given up. */
function invoices(cluster: SimulatedCluster, start: number): Actor {
  const at = (second: number) => start + second * 1000;
  return script([
    [
      50,
      () => {
        const job = cluster.addWorkload({
          namespace: 'shop',
          kind: 'Job',
          name: 'export-invoices',
          createdAt: at(50),
          run: false,
          replicas: 0,
        });
        for (const second of [50, 75]) {
          const container = job.addPod({ at: at(second), run: false }).container();
          container.start({ at: at(second) });
          container.write('{"level":"info","msg":"exporting invoices","month":"2026-02"}', { at: at(second) });
          container.write('{"level":"error","msg":"cannot write to the archive","error":"quota of bucket invoices is used up"}', {
            at: at(second + 4),
          });
          container.exit({ exitCode: 4, at: at(second + 5) });
        }
        const message = 'Job has reached the specified backoff limit';
        const failed = {
          type: 'Failed',
          status: 'True',
          reason: 'BackoffLimitExceeded',
          message,
          lastTransitionTime: timeText(at(80)),
        };
        job.change({ status: { failed: 2, active: 0, conditions: [failed] } });
        cluster.addEvent({
          namespace: 'shop',
          kind: 'Job',
          name: 'export-invoices',
          objectUid: job.spec.uid,
          reason: 'BackoffLimitExceeded',
          message,
          at: at(80),
        });
      },
    ],
  ]);
}

/** The web shop's autoscaler, at its maximum from two minutes into the demo on. */
function autoscaler(cluster: SimulatedCluster, start: number): Actor {
  const state = (current: number, since: number) => {
    const target = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } };
    const use = current === 4 ? 131 : 52;
    const limited = {
      type: 'ScalingLimited',
      status: current === 4 ? 'True' : 'False',
      reason: current === 4 ? 'TooManyReplicas' : 'DesiredWithinRange',
    };
    cluster.setObject(
      'HorizontalPodAutoscaler',
      { namespace: 'shop', name: 'web' },
      {
        spec: { minReplicas: 2, maxReplicas: 4, scaleTargetRef: { kind: 'Deployment', name: 'web' }, metrics: [target] },
        status: {
          currentReplicas: current,
          desiredReplicas: current,
          currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: use } } }],
          conditions: [{ ...limited, message: '', lastTransitionTime: timeText(since) }],
        },
      },
    );
  };
  state(2, start - 3_600_000);
  return script([[120, (at) => state(4, at)]]);
}
