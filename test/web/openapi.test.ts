import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allWell, withAlerts } from './scenes.ts';
import { serving } from './serving.ts';

/** As much of a JSON Schema as the document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly format?: string;
  readonly minimum?: number;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: { readonly 'application/json': { readonly schema: Schema } } }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

async function documentOf(api: { json(path: string): Promise<unknown> }): Promise<Document> {
  // Its shape is what this whole file checks.
  return (await api.json('/api/v1/openapi.json')) as Document;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** What of a value is not as its schema says, with its place. */
function faults(document: Document, schema: Schema, value: unknown, place = '$'): readonly string[] {
  if (schema.$ref !== undefined) {
    const target = document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? [`${place}: ${schema.$ref} is not defined`] : faults(document, target, value, place);
  }
  if (schema.anyOf !== undefined) {
    const each = schema.anyOf.map((option) => faults(document, option, value, place));
    return each.some((found) => found.length === 0) ? [] : each.flat();
  }
  if (schema.enum !== undefined)
    return schema.enum.includes(value) ? [] : [`${place}: ${JSON.stringify(value)} is not one of the choices`];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const type = typeOf(value);
  const fits = types.includes(type) || (types.includes('integer') && Number.isInteger(value));
  if (types.length > 0 && !fits) return [`${place}: ${type} is not ${types.join(' or ')}`];
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) return [`${place}: too small`];
  if (typeof value === 'string' && schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/.test(value))
    return [`${place}: ${value} is no time`];
  const { items } = schema;
  if (Array.isArray(value) && items !== undefined)
    return value.flatMap((item, i) => faults(document, items, item, `${place}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${place}.${name} is missing`);
  const own = Object.entries(value).flatMap(([name, part]) => {
    const property = schema.properties?.[name] ?? schema.additionalProperties ?? true;
    if (property === false) return [`${place}.${name} is not described`];
    return property === true ? [] : faults(document, property, part, `${place}.${name}`);
  });
  return [...missing, ...own];
}

test('every described route answers as described, with and without alerts', async (t) => {
  for (const view of [allWell(), withAlerts()]) {
    const api = await serving(t, view);
    const document = await documentOf(api);
    assert.equal(document.openapi, '3.1.0');
    for (const [path, { get: operation }] of Object.entries(document.paths)) {
      const { status, headers, text } = await api.get(path);
      assert.equal(headers.get('content-type'), 'application/json; charset=utf-8', path);
      const schema = operation.responses[status]?.content?.['application/json'].schema;
      assert.ok(schema !== undefined, `${path} answers ${status}, which is not described`);
      assert.deepEqual(faults(document, schema, JSON.parse(text)), [], path);
    }
  }
});

test('every list is described, and every described parameter is taken', async (t) => {
  const api = await serving(t, allWell());
  const document = await documentOf(api);
  const values: Readonly<Record<string, string>> = {
    limit: '5',
    since: '1h',
    until: '1h',
    stream: 'true',
    follow: 'false',
    level: 'error',
    severity: 'info',
    status: 'pending',
  };
  for (const name of ['alerts', 'workloads', 'rules', 'cycles', 'logs', 'silences', 'deliveries', 'probes']) {
    const parameters = document.paths[`/api/v1/${name}`]?.get.parameters ?? [];
    assert.ok(parameters.length >= 4, name);
    for (const parameter of parameters) {
      if (parameter.name === 'next') continue;
      const value =
        parameter.name === 'state'
          ? ({ workloads: 'ok', silences: 'active', probes: 'ok' }[name] ?? 'firing')
          : (values[parameter.name] ?? 'x');
      assert.equal((await api.get(`/api/v1/${name}?${parameter.name}=${value}`)).status, 200, `${name}?${parameter.name}`);
    }
    const error = await api.get(`/api/v1/${name}?limit=0`);
    const schema = document.components.schemas['Error'];
    assert.ok(schema !== undefined);
    assert.deepEqual([error.status, faults(document, schema, JSON.parse(error.text))], [400, []]);
  }
});
