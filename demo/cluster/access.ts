import { type Answer, badRequest, jsonAnswer, statusAnswer } from './answer.ts';
import type { RequestInfo } from './request-info.ts';

/** What is refused; a key that is left out means any. */
export interface Denial {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string | null;
  /** A namespace's name; `null` for requests over all namespaces and for cluster-wide objects. */
  readonly namespace?: string | null;
}

/** Who the simulated cluster's token belongs to. */
const USER = 'system:serviceaccount:tocsin:tocsin';

/** The permissions of the one user: everything that is not denied. */
export class Access {
  #denials: readonly Denial[] = [];

  /** Refuses what the denial says; call the result to allow it again. */
  deny(denial: Denial): () => void {
    this.#denials = [...this.#denials, denial];
    return () => {
      this.#denials = this.#denials.filter((other) => other !== denial);
    };
  }

  allows(request: Pick<RequestInfo, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace'>): boolean {
    return !this.#denials.some((denial) =>
      (['verb', 'group', 'resource', 'subresource', 'namespace'] as const).every(
        (key) => denial[key] === undefined || denial[key] === request[key],
      ),
    );
  }
}

export function forbidden(request: RequestInfo): Answer {
  const resource = request.subresource === null ? request.resource : `${request.resource}/${request.subresource}`;
  const object = request.name === null ? request.resource : `${request.resource} "${request.name}"`;
  const where = request.namespace === null ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
  return statusAnswer(
    403,
    'Forbidden',
    `${object} is forbidden: User "${USER}" cannot ${request.verb} resource "${resource}" in API group "${request.group}" ${where}`,
  );
}

/** Answers a SelfSubjectAccessReview. */
export function reviewAccess(access: Access, body: string): Answer {
  let review: unknown;
  try {
    review = JSON.parse(body);
  } catch (error) {
    return badRequest(`the object provided is unrecognized: ${String(error)}`);
  }
  const spec = member(review, 'spec');
  const attributes = member(spec, 'resourceAttributes');
  const text = (key: string) => {
    const value = member(attributes, key);
    return typeof value === 'string' ? value : '';
  };
  const allowed = access.allows({
    // The verb is compared with the denials' texts only, so an unknown one is simply allowed.
    verb: text('verb') as RequestInfo['verb'],
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource') || null,
    namespace: text('namespace') || null,
  });
  return jsonAnswer(
    {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      status: { allowed, ...(allowed && { reason: 'RBAC: allowed by ClusterRoleBinding "tocsin"' }) },
    },
    201,
  );
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}
