/** What the API server makes of a request: who is asked for what. */
export interface RequestInfo {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `null` for a request over all namespaces or a cluster-wide object. */
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string | null;
  readonly subresource: string | null;
  readonly query: URLSearchParams;
}

/** Reads method and address; `null` when the path is no resource's. */
export function parseRequest(method: string, url: URL): RequestInfo | null {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const root = parts.shift();
  if (root !== 'api' && root !== 'apis') return null;
  const group = root === 'api' ? '' : parts.shift();
  const version = parts.shift();
  if (group === undefined || version === undefined || parts.length === 0) return null;
  let namespace: string | null = null;
  if (parts[0] === 'namespaces' && parts.length >= 2) {
    namespace = parts[1] ?? null;
    if (parts.length > 2) parts.splice(0, 2);
  }
  const [resource, name = null, subresource = null, ...rest] = parts;
  if (resource === undefined || rest.length > 0) return null;
  return {
    verb: verbOf(method, name, url.searchParams),
    group,
    version,
    namespace,
    resource,
    name,
    subresource,
    query: url.searchParams,
  };
}

function verbOf(method: string, name: string | null, query: URLSearchParams): RequestInfo['verb'] {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      if (name !== null) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
  }
}

/** A boolean query parameter as Kubernetes reads it: `?watch` alone is true as well. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value !== 'false';
}
