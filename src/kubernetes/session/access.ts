import type { Glob } from '../../base/glob.ts';
import { child, rawObject } from '../lists/raw-object.ts';
import type { Session } from './session.ts';

/** Something that Tocsin reads of a cluster. */
export interface Access {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Cluster-wide things are not asked for when `namespaces` has no glob. */
  readonly scope: 'namespace' | 'cluster';
  readonly neededFor: string;
}

const READ = ['get', 'list', 'watch'];
const LIST = ['get', 'list'];

/** All that a single Tocsin reads; kubernetes.md section 6 is the source, and the manifests are held to this. */
export const ACCESS: readonly Access[] = [
  { group: '', resource: 'pods', verbs: READ, scope: 'namespace', neededFor: 'everything' },
  { group: '', resource: 'events', verbs: READ, scope: 'namespace', neededFor: 'event rules and the reasons in messages' },
  { group: '', resource: 'pods/log', verbs: ['get'], scope: 'namespace', neededFor: 'log lines' },
  { group: '', resource: 'namespaces', verbs: READ, scope: 'cluster', neededFor: 'globs in `namespaces`' },
  { group: '', resource: 'nodes', verbs: READ, scope: 'cluster', neededFor: 'node rules' },
  { group: 'metrics.k8s.io', resource: 'pods', verbs: LIST, scope: 'namespace', neededFor: 'usage rules' },
  { group: 'metrics.k8s.io', resource: 'nodes', verbs: LIST, scope: 'cluster', neededFor: 'usage of nodes' },
  ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].map((resource) => ({
    ...{ group: 'apps', resource, verbs: READ, scope: 'namespace' as const },
    neededFor: 'workload rules, and what changed',
  })),
  ...['jobs', 'cronjobs'].map((resource) => ({
    ...{ group: 'batch', resource, verbs: READ, scope: 'namespace' as const },
    neededFor: 'job rules, and the owners of pods',
  })),
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: LIST, scope: 'namespace', neededFor: 'hpa rules' },
  { group: '', resource: 'persistentvolumeclaims', verbs: LIST, scope: 'namespace', neededFor: 'claim rules' },
  { group: '', resource: 'resourcequotas', verbs: LIST, scope: 'namespace', neededFor: 'quota rules' },
];

export interface MissingAccess {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** `null`: cluster-wide. */
  readonly namespace: string | null;
  readonly neededFor: string;
}

export interface AccessReport {
  /** How many questions were asked. */
  readonly checked: number;
  readonly missing: readonly MissingAccess[];
  /** The Roles that would grant what is missing, as YAML; empty when nothing is. */
  readonly rules: string;
}

/**
 * Asks the API server which of the needed permissions we have (SelfSubjectAccessReview, which everyone may). With a glob in `include`
 * they are needed in the whole cluster, else in each of the namespaces. Rejects with `CollectError` when the server cannot be asked.
 */
export async function checkAccess(
  session: Session,
  namespaces: { readonly include: readonly Glob[] },
  signal: AbortSignal,
): Promise<AccessReport> {
  const isNamespaced = namespaces.include.every((glob) => glob.literal);
  const places = isNamespaced ? [...new Set(namespaces.include.map((glob) => glob.source))] : [null];
  const questions = places.flatMap((namespace) =>
    ACCESS.filter((access) => !isNamespaced || access.scope === 'namespace').map((access) => ({ access, namespace })),
  );
  let checked = 0;
  const answers = await Promise.all(
    questions.map(async ({ access, namespace }): Promise<MissingAccess> => {
      const allowed = await Promise.all(access.verbs.map((verb) => isAllowed(session, { access, verb, namespace }, signal)));
      checked += allowed.length;
      const { group, resource, neededFor } = access;
      return { group, resource, namespace, neededFor, verbs: access.verbs.filter((_, index) => allowed[index] === false) };
    }),
  );
  const missing = answers.filter(({ verbs }) => verbs.length > 0);
  return { checked, missing, rules: rolesFor(missing) };
}

async function isAllowed(
  session: Session,
  question: { readonly access: Access; readonly verb: string; readonly namespace: string | null },
  signal: AbortSignal,
): Promise<boolean> {
  const [resource, subresource] = question.access.resource.split('/');
  const { value } = await session.api.json('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', signal, {
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          group: question.access.group,
          resource,
          ...(subresource === undefined ? {} : { subresource }),
          verb: question.verb,
          ...(question.namespace === null ? {} : { namespace: question.namespace }),
        },
      },
    },
  });
  return child(rawObject(value), 'status')['allowed'] === true;
}

/** One Role per namespace, or one ClusterRole, with the missing rules; resources of the same group and verbs share a rule. */
function rolesFor(missing: readonly MissingAccess[]): string {
  const roles: string[] = [];
  for (const [namespace, parts] of Map.groupBy(missing, (part) => part.namespace)) {
    const rules = [...Map.groupBy(parts, (part) => `${part.group} ${part.verbs.join()}`).values()].map((same) => {
      const [first] = same;
      const resources = same.map((part) => part.resource).join(', ');
      return `  - apiGroups: ["${first?.group ?? ''}"]\n    resources: [${resources}]\n    verbs: [${first?.verbs.join(', ') ?? ''}]\n`;
    });
    const metadata = namespace === null ? '{ name: tocsin }' : `{ name: tocsin, namespace: ${namespace} }`;
    const kind = namespace === null ? 'ClusterRole' : 'Role';
    roles.push(`apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: ${metadata}\nrules:\n${rules.join('')}`);
  }
  return roles.join('---\n');
}
