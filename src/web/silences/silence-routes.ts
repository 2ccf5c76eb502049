import express, { type Express, type Request, type Response } from 'express';
import { ConfigError } from '../../base/errors.ts';
import { parseMatchers } from '../../core/alerts/suppress/matcher-text.ts';
import type { SilenceRequest } from '../../core/alerts/suppress/silence-request.ts';
import { silenceJson } from '../api/resources.ts';
import { admitForm, type FormRoutes, formRights } from '../auth/form-routes.ts';
import { foreignness } from '../auth/same-site.ts';
import type { StatusView } from '../view.ts';
import { type SilenceForm, silencesPage } from './silences-page.ts';

export interface SilenceRoutes extends FormRoutes {
  readonly view: StatusView;
  readonly sendJson: (response: Response, status: number, body: unknown) => void;
}

/** A silence is far smaller than this. */
const BODY_LIMIT = '64kb';

/** The page and the API of silences: the only routes that change anything. */
export function addSilenceRoutes(app: Express, routes: SilenceRoutes): void {
  const body = express.text({ type: () => true, limit: BODY_LIMIT });
  addApi(app, routes, body);
  addPage(app, routes, body);
}

function addApi(app: Express, { view, admit, sendJson }: SilenceRoutes, body: express.RequestHandler): void {
  const json = (id: string) => {
    const { silences, alerts } = view.alerts();
    const silence = silences.find((each) => each.id === id);
    return silence === undefined ? null : silenceJson(silence, { alerts, now: view.now() });
  };
  const missing = (response: Response) => sendJson(response, 404, { error: 'there is no such silence' });

  app.get('/api/v1/silences/:id', (request, response) => {
    const found = json(request.params.id);
    if (found === null) missing(response);
    else sendJson(response, 200, found);
  });
  app.post('/api/v1/silences', body, async (request, response) => {
    const writer = await admit(request, response);
    if (writer === null || refuseForeign(request, response, sendJson)) return;
    // Another site's form cannot send this type without asking first.
    if (!/^application\/json\b/i.test(request.get('content-type') ?? '')) {
      sendJson(response, 415, { error: 'expected content-type application/json' });
      return;
    }
    const { silence, problems } = await view.silences.add(readBody(request), writer.user ?? 'api');
    if (silence === null) throw new ConfigError(problems.join('; '));
    response.set('Location', `/api/v1/silences/${silence.id}`);
    sendJson(response, 201, json(silence.id));
  });
  app.delete('/api/v1/silences/:id', async (request, response) => {
    const writer = await admit(request, response);
    if (writer === null || refuseForeign(request, response, sendJson)) return;
    const ended = await view.silences.end(request.params.id);
    if (ended === null) missing(response);
    else sendJson(response, 200, json(ended.id));
  });
}

function refuseForeign(request: Request, response: Response, sendJson: SilenceRoutes['sendJson']): boolean {
  const reason = foreignness(request);
  if (reason !== null) sendJson(response, 403, { error: reason });
  return reason !== null;
}

function readBody(request: Request): SilenceRequest {
  let value: unknown;
  try {
    value = JSON.parse(String(request.body));
  } catch (error) {
    throw new ConfigError('the body is not JSON', [], { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigError('expected a JSON object');
  return value; // every field of a request is unknown until it is checked
}

function addPage(app: Express, routes: SilenceRoutes, body: express.RequestHandler): void {
  const { view, context, sendPage } = routes;
  const show = async (request: Request, response: Response, status: number, shown: Shown) =>
    sendPage(response, status, silencesPage(context(), { ...shown, ...(await formRights(routes, request, response)) }));

  app.get('/silences', async (request, response) => {
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    await show(request, response, 200, { form: readForm(query), problems: [], made: query.get('made') });
  });
  app.post('/silences', body, async (request, response) => {
    const sent = await admitForm(routes, request, response);
    if (sent === null) return;
    const form = readForm(sent.fields);
    const { match, problems } = parseMatchers(form.match);
    const asked =
      problems.length > 0 ? { silence: null, problems } : await view.silences.add(requestOf(form, match), sent.writer.user ?? '');
    if (asked.silence === null) await show(request, response, 400, { form, problems: asked.problems, made: null });
    else response.redirect(303, `/silences?made=${encodeURIComponent(asked.silence.id)}`);
  });
  app.post('/silences/:id/end', body, async (request, response) => {
    if ((await admitForm(routes, request, response)) === null) return;
    await view.silences.end(String(request.params['id']));
    response.redirect(303, '/silences');
  });
}

interface Shown {
  readonly form: SilenceForm;
  readonly problems: readonly string[];
  /** Id of the silence that was just made. */
  readonly made: string | null;
}

/** The fields as written; each `match` may hold several lines. */
function readForm(fields: URLSearchParams): SilenceForm {
  const text = (name: string) => (fields.get(name) ?? '').trim();
  const match = fields.getAll('match').flatMap((value) => value.split('\n').map((line) => line.trim()));
  return {
    match: match.filter((line) => line !== ''),
    for: text('for'),
    comment: text('comment'),
    author: text('author'),
    untilResolved: fields.has('until_resolved'),
  };
}

function requestOf(form: SilenceForm, match: SilenceRequest['match']): SilenceRequest {
  return {
    match,
    ...(form.for === '' ? {} : { for: form.for }),
    ...(form.author === '' ? {} : { author: form.author }),
    comment: form.comment,
    until_resolved: form.untilResolved,
  };
}
