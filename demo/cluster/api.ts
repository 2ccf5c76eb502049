import { type Access, forbidden, reviewAccess } from './access.ts';
import { type Answer, jsonAnswer, notFound, statusAnswer, textAnswer } from './answer.ts';
import type { Pager } from './listing.ts';
import { logAnswer } from './logs.ts';
import { type MetricsState, metricsFault, nodeMetrics, podMetrics } from './metrics.ts';
import { parseRequest, type RequestInfo } from './request-info.ts';
import { RESOURCES } from './resources.ts';
import type { ClusterState } from './state.ts';
import type { Watches } from './watch.ts';

export interface ApiContext {
  readonly state: ClusterState;
  readonly access: Access;
  readonly pager: Pager;
  readonly watches: Watches;
  readonly now: () => number;
  readonly metrics: () => MetricsState;
}

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
  readonly body: string;
}

/** Answers an authenticated request. */
export function answerRequest(context: ApiContext, request: ApiRequest): Answer {
  const { pathname } = request.url;
  if (pathname === '/version')
    return jsonAnswer({ major: '1', minor: '34', gitVersion: 'v1.34.1+simulated', platform: 'linux/amd64' });
  if (pathname === '/healthz' || pathname === '/readyz' || pathname === '/livez') return textAnswer(200, 'ok');
  const info = parseRequest(request.method, request.url);
  if (info === null) return textAnswer(404, '404 page not found\n');
  if (info.resource === 'selfsubjectaccessreviews' && info.verb === 'create') return reviewAccess(context.access, request.body);
  if (!context.access.allows(info)) return forbidden(info);
  if (info.verb === 'watch') return context.watches.answer(info);
  if (info.verb !== 'get' && info.verb !== 'list') {
    return statusAnswer(405, 'MethodNotAllowed', `the simulated cluster does not ${info.verb} ${info.resource}`);
  }
  if (info.group === 'metrics.k8s.io') return metricsAnswer(context, info);
  const resource = RESOURCES[`${info.group}/${info.resource}`];
  if (resource === undefined) return textAnswer(404, '404 page not found\n');
  if (info.resource === 'pods' && info.subresource === 'log' && info.name !== null) {
    return logAnswer(context.state.findPod(info.namespace ?? '', info.name), info.name, info.query, context.now());
  }
  if (info.subresource !== null) return statusAnswer(404, 'NotFound', 'the server could not find the requested resource');
  const inNamespace = info.namespace !== null && info.resource !== 'namespaces';
  const items = resource.items(context.state).filter((item) => !inNamespace || item.namespace === info.namespace);
  if (info.name === null) {
    const metadataOnly = request.accept.includes('as=PartialObjectMetadataList');
    return context.pager.page(info, resource, items, { revision: context.state.revision, metadataOnly });
  }
  const found = items.find((item) => item.name === info.name);
  if (found === undefined) return notFound(info.resource, info.name);
  const head = `{"kind":"${resource.kind.replace(/List$/, '')}","apiVersion":"${resource.apiVersion}",`;
  return { status: 200, type: 'application/json', body: head + found.text().slice(1) };
}

function metricsAnswer(context: ApiContext, info: RequestInfo): Answer {
  const fault = metricsFault(context.metrics());
  if (fault !== null) return fault;
  if (info.resource === 'nodes') return nodeMetrics(context.state.nodes, context.now());
  if (info.resource === 'pods') return podMetrics(context.state.pods(info.namespace), context.now());
  return textAnswer(404, '404 page not found\n');
}
