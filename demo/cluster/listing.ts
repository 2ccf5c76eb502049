import { type Answer, badRequest, jsonAnswer, statusAnswer } from './answer.ts';
import type { JsonObject } from './json.ts';
import type { RequestInfo } from './request-info.ts';

/** One object of a list, rendered when it is asked for. */
export interface ListItem {
  readonly namespace: string;
  readonly name: string;
  /** What field selectors can ask for. */
  readonly fields: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The object's JSON text. */
  readonly text: () => string;
}

export interface ListKind {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** `PodList`. */
  readonly kind: string;
}

/** A list that is being read in pages: who was in it when it began. */
interface Snapshot {
  readonly keys: readonly string[];
}

/** Lists that may be read in pages at the same time; the oldest expires, as the API server's do with time. */
const MAX_SNAPSHOTS = 16;

/**
 * Serves lists in pages. A page's members are those of the moment when the list began (what they contain is of now); a token whose
 * snapshot has expired gets 410 with a fresh token for an inconsistent continuation.
 */
export class Pager {
  #snapshots = new Map<string, Snapshot>();
  #expireNext = 0;

  /** Lets the next `count` continuations of consistent lists fail with 410. */
  expireNext(count: number): void {
    this.#expireNext = count;
  }

  page(
    request: RequestInfo,
    kind: ListKind,
    items: readonly ListItem[],
    options: { readonly revision: number; readonly metadataOnly: boolean },
  ): Answer {
    const selected = select(request.query, items);
    if (selected === null)
      return badRequest('unable to parse requirement: the simulated cluster knows only =, ==, != and a bare key');
    const sorted = selected.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const token = request.query.get('continue');
    const limit = Number(request.query.get('limit') ?? 0);
    let from: ListItem[] = sorted;
    let revision = String(options.revision);
    if (token !== null && token !== '') {
      const place = parseToken(token);
      if (place === null) return badRequest('continue key is not valid');
      from = sorted.filter((item) => keyOf(item) > place.after);
      if (place.revision !== '') {
        const snapshot = this.#snapshots.get(place.revision);
        if (snapshot === undefined || this.#expireNext > 0) return this.#expired(place.after);
        const members = new Set(snapshot.keys);
        from = from.filter((item) => members.has(keyOf(item)));
        revision = place.revision;
      }
    }
    const page = limit > 0 ? from.slice(0, limit) : from;
    const last = page[page.length - 1];
    let next = '';
    if (last !== undefined && page.length < from.length) {
      next = formatToken({ revision, after: keyOf(last) });
      if (!this.#snapshots.has(revision)) this.#remember(revision, sorted);
    }
    return listAnswer(kind, page, { revision, next, remaining: from.length - page.length, metadataOnly: options.metadataOnly });
  }

  #remember(revision: string, items: readonly ListItem[]): void {
    this.#snapshots.set(revision, { keys: items.map(keyOf) });
    if (this.#snapshots.size > MAX_SNAPSHOTS) this.#snapshots.delete(this.#snapshots.keys().next().value ?? '');
  }

  #expired(after: string): Answer {
    this.#expireNext = Math.max(0, this.#expireNext - 1);
    return statusAnswer(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. Use the token in this response to continue inconsistently',
      { continue: formatToken({ revision: '', after }) },
    );
  }
}

function listAnswer(
  kind: ListKind,
  page: readonly ListItem[],
  options: { readonly revision: string; readonly next: string; readonly remaining: number; readonly metadataOnly: boolean },
): Answer {
  const metadata: JsonObject = {
    resourceVersion: options.revision,
    ...(options.next !== '' && { continue: options.next, remainingItemCount: options.remaining }),
  };
  if (options.metadataOnly) {
    const items = page.map((item) => ({ metadata: Reflect.get(JSON.parse(item.text()), 'metadata') }));
    return jsonAnswer({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items });
  }
  const head = `{"kind":"${kind.kind}","apiVersion":"${kind.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`;
  return { status: 200, type: 'application/json', body: `${head}${page.map((item) => item.text()).join(',')}]}\n` };
}

/** The items that namespace, `fieldSelector` and `labelSelector` take; `null` when a selector cannot be read. */
function select(query: URLSearchParams, items: readonly ListItem[]): ListItem[] | null {
  const fields = parseSelector(query.get('fieldSelector'));
  const labels = parseSelector(query.get('labelSelector'));
  if (fields === null || labels === null) return null;
  return items.filter((item) => fields.every((test) => test(item.fields)) && labels.every((test) => test(item.labels)));
}

type Requirement = (values: Readonly<Record<string, string>>) => boolean;

function parseSelector(text: string | null): Requirement[] | null {
  const requirements: Requirement[] = [];
  for (const part of (text ?? '').split(',').filter((each) => each !== '')) {
    const match = /^([^=!\s]+)(?:(!=|==|=)([^=!]*))?$/.exec(part.trim());
    const [, key = '', operator, wanted = ''] = match ?? [];
    if (match === null) return null;
    if (operator === undefined) requirements.push((values) => key in values);
    else requirements.push((values) => ((values[key] ?? '') === wanted) === (operator !== '!='));
  }
  return requirements;
}

interface Place {
  /** Empty for an inconsistent continuation. */
  readonly revision: string;
  readonly after: string;
}

function formatToken(place: Place): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: place.revision, start: place.after })).toString('base64url');
}

function parseToken(token: string): Place | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof value !== 'object' || value === null || !('rv' in value) || !('start' in value)) return null;
    return typeof value.rv === 'string' && typeof value.start === 'string' ? { revision: value.rv, after: value.start } : null;
  } catch {
    // Not a token of this server: the caller answers 400.
    return null;
  }
}

function keyOf(item: ListItem): string {
  return `${item.namespace}/${item.name}`;
}
