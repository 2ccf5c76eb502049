import { DEFAULT_LIMIT, MOST_ITEMS } from './query.ts';
import { ALERT_STATES, DELIVERY_STATUSES, LIST_PARAMETERS, type ListName } from './routes.ts';
import { API_SCHEMAS } from './schemas.ts';

const PARAMETERS: Readonly<Record<string, { readonly description: string; readonly schema: object }>> = {
  limit: {
    description: 'How many items at most',
    schema: { type: 'integer', minimum: 1, maximum: MOST_ITEMS, default: DEFAULT_LIMIT },
  },
  next: { description: 'The token of the page before; pages stay in step while data is added', schema: { type: 'string' } },
  namespace: { description: 'A glob on the namespace', schema: { type: 'string' } },
  kind: { description: 'A glob on the workload’s kind', schema: { type: 'string' } },
  workload: { description: 'A glob on the workload’s name', schema: { type: 'string' } },
  since: { description: 'A duration before now (90m), or an RFC 3339 time', schema: { type: 'string' } },
  pod: { description: 'A glob on the pod’s name', schema: { type: 'string' } },
  container: { description: 'A glob on the container’s name', schema: { type: 'string' } },
  level: { description: 'This level or worse', schema: { enum: ['trace', 'debug', 'info', 'warning', 'error', 'fatal'] } },
  until: { description: 'Likewise: only what is older', schema: { type: 'string' } },
  grep: { description: 'An RE2 pattern on the text', schema: { type: 'string' } },
  contains: { description: 'A text that occurs in it as it stands', schema: { type: 'string' } },
  stream: {
    description: 'Answer with one JSON object a line as they are found, without pages (application/x-ndjson)',
    schema: { type: 'boolean', default: false },
  },
  follow: {
    description: 'Stream oldest first, and go on with what each cycle adds; empty lines keep the connection alive',
    schema: { type: 'boolean', default: false },
  },
  state: { description: 'Only those in this state', schema: { type: 'string' } },
  severity: { description: 'Only alerts of this severity', schema: { enum: ['info', 'warning', 'critical'] } },
  alert: { description: 'A glob on the rule’s name', schema: { type: 'string' } },
  receiver: { description: 'A glob on the receiver’s name', schema: { type: 'string' } },
  status: { description: 'Only deliveries in this state', schema: { enum: DELIVERY_STATUSES } },
};

const LISTS: Readonly<Record<ListName, { readonly item: keyof typeof API_SCHEMAS; readonly summary: string }>> = {
  alerts: {
    item: 'Alert',
    summary: `Alerts that are ${ALERT_STATES.join(', ')}, newest first; \`since\` leaves out what resolved before`,
  },
  workloads: {
    item: 'Workload',
    summary: 'Workloads by namespace, kind and name; `since` is the span that restarts, lines and error_ratio count',
  },
  rules: { item: 'Rule', summary: 'Rules by name; filters on workloads ask for rules that judged such a workload last' },
  cycles: {
    item: 'Cycle',
    summary: 'Collections, newest first; filters on workloads narrow the gaps and errors that are listed',
  },
  logs: { item: 'LogLine', summary: 'Stored log lines, newest first; the last 24 hours unless `since` says otherwise' },
  patterns: {
    item: 'Pattern',
    summary:
      'What the warnings and worse of each container have in common, the newest pattern first; `since` leaves out what was last seen before',
  },
  silences: {
    item: 'Silence',
    summary: 'Silences that are active or yet to begin, newest first; those that ended lately with `state=ended`',
  },
  deliveries: {
    item: 'Delivery',
    summary: 'Messages to receivers, newest first; filters on workloads ask for messages about their alerts',
  },
  probes: { item: 'Probe', summary: 'Synthetic checks by name, with their last hour minute by minute' },
};

/** The OpenAPI 3.1 description of everything under `/api/v1`, and of health. */
export function openApiDocument(version: string): object {
  const paths: Record<string, object> = {};
  for (const list of Object.keys(LIST_PARAMETERS) as ListName[]) paths[`/api/v1/${list}`] = { get: listOperation(list) };
  paths['/api/v1/silences'] = { ...paths['/api/v1/silences'], post: addSilenceOperation() };
  paths['/api/v1/silences/{id}'] = silenceOperations();
  paths['/healthz'] = { get: healthOperation() };
  paths['/readyz'] = { get: readyOperation() };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version,
      description:
        'What the status page shows, as JSON, and silences. Times are RFC 3339 in UTC. Who may read and write: `status_page.auth` in the settings.',
    },
    paths,
    components: { schemas: API_SCHEMAS, responses: { BadRequest: errorAnswer('The query is not understood') } },
  };
}

function listOperation(list: ListName): object {
  const { item, summary } = LISTS[list];
  return {
    operationId: `list_${list}`,
    summary,
    parameters: ['limit', 'next', ...LIST_PARAMETERS[list]].map((name) => ({
      name,
      in: 'query',
      required: false,
      ...PARAMETERS[name],
    })),
    responses: {
      200: answer('A page of the list', {
        type: 'object',
        required: ['items'],
        additionalProperties: false,
        properties: {
          items: { type: 'array', items: { $ref: `#/components/schemas/${item}` } },
          next: { type: 'string', description: 'Set when there is more' },
        },
      }),
      400: { $ref: '#/components/responses/BadRequest' },
      ...(list === 'logs' ? { 503: errorAnswer('Too many searches, or one that took too long') } : {}),
    },
  };
}

const SILENCE = { $ref: '#/components/schemas/Silence' };

function addSilenceOperation(): object {
  return {
    operationId: 'add_silence',
    summary: 'Makes a silence',
    requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/SilenceRequest' } } } },
    responses: {
      201: answer('Made', SILENCE),
      400: { $ref: '#/components/responses/BadRequest' },
      415: errorAnswer('The body is not application/json'),
      ...REFUSED,
    },
  };
}

function silenceOperations(): object {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const missing = errorAnswer('There is no such silence');
  return {
    get: {
      operationId: 'get_silence',
      summary: 'One silence, also one that has ended lately',
      parameters: [id],
      responses: { 200: answer('The silence', SILENCE), 404: missing },
    },
    delete: {
      operationId: 'end_silence',
      summary: 'Ends a silence now; one that has ended stays as it is',
      parameters: [id],
      responses: { 200: answer('The ended silence', SILENCE), 404: missing, ...REFUSED },
    },
  };
}

function healthOperation(): object {
  const health = answer('At work', { $ref: '#/components/schemas/Health' });
  return {
    operationId: 'health',
    summary: 'Whether the daemon is at work; with `strict`, whether it has collected lately',
    parameters: [{ name: 'strict', in: 'query', required: false, allowEmptyValue: true, schema: { type: 'string' } }],
    responses: { 200: health, 503: answer('Not at work', { $ref: '#/components/schemas/Health' }) },
  };
}

function readyOperation(): object {
  const ready = { type: 'object', required: ['status'], properties: { status: { enum: ['ready', 'starting'] } } };
  return {
    operationId: 'ready',
    summary: 'Whether store and rules are loaded',
    responses: { 200: answer('Ready', ready), 503: answer('Starting', ready) },
  };
}

function answer(description: string, schema: object): object {
  return { description, content: { 'application/json': { schema } } };
}

function errorAnswer(description: string): object {
  return answer(description, { $ref: '#/components/schemas/Error' });
}

const REFUSED = {
  401: errorAnswer('A password or token is needed'),
  403: errorAnswer('Not from here'),
};
