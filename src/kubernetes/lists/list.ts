import { CollectError } from '../../base/errors.ts';
import { inSlices } from '../../base/slices.ts';
import type { Api } from '../session/http.ts';
import { itemsOf } from '../session/list-answer.ts';
import { child, type RawObject, rawObject, text } from './raw-object.ts';

/** Small pages keep the peak of memory low: 5,000 pods are 20 pages of about 2 MB. */
const PAGE_SIZE = 250;
/** A list that expires again and again is given up. */
const MAX_EXPIRATIONS = 4;
/** Names, labels and owners only: a tenth of the bytes. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export interface ListOptions {
  readonly accept?: string;
  readonly query?: string;
}

/**
 * Reads a list page by page; each item is handed over once and must be projected at once, nothing of a page is kept.
 * A list whose continue token expires (410) is begun anew once (`onRestart` then forgets what it has); if that expires too, the rest is read
 * from a later state of the cluster and the answer is not consistent: then absence from it means nothing.
 */
export async function readList(
  api: Api,
  path: string,
  options: ListOptions & { readonly onItem: (item: RawObject) => void; readonly onRestart: () => void },
  signal: AbortSignal,
): Promise<{ readonly consistent: boolean; readonly resourceVersion: string }> {
  let token = '';
  let resourceVersion = '';
  let expirations = 0;
  for (;;) {
    const query = new URLSearchParams(options.query ?? '');
    query.set('limit', String(PAGE_SIZE));
    if (token !== '') query.set('continue', token);
    const { status, value } = await api.json(`${path}?${query}`, signal, {
      accepted: [410],
      isList: true,
      ...(options.accept === undefined ? {} : { accept: options.accept }),
    });
    const page = rawObject(value);
    const next = text(child(page, 'metadata'), 'continue');
    if (status === 410) {
      expirations++;
      if (expirations > MAX_EXPIRATIONS || (expirations > 1 && next === ''))
        throw new CollectError('expired', `could not read ${path}: ${text(page, 'message')}`, { status });
      if (expirations === 1) {
        options.onRestart();
        resourceVersion = '';
      }
      token = expirations === 1 ? '' : next;
      continue;
    }
    const items = itemsOf(page);
    if (items === null) throw new CollectError('invalid_answer', `could not read ${path}: the answer is no list`);
    // Of its first page: what has changed since then comes again with a watch from there.
    if (resourceVersion === '') resourceVersion = text(child(page, 'metadata'), 'resourceVersion');
    await inSlices(eachOf(items, options.onItem));
    if (next === '') return { consistent: expirations < 2, resourceVersion };
    token = next;
  }
}

function* eachOf(items: Iterable<unknown>, onItem: (item: RawObject) => void): Generator<void> {
  for (const item of items) yield onItem(rawObject(item));
}
