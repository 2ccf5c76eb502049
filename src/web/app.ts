import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { ConfigError, messageOf, toError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { sendLogStream } from './api/log-stream.ts';
import { openApiDocument } from './api/openapi.ts';
import { LIST_ROUTES, logStreamOf, type Sources } from './api/routes.ts';
import { Doorkeeper, type Refusal } from './auth/doorkeeper.ts';
import type { FormRoutes } from './auth/form-routes.ts';
import type { PageAuth } from './auth/page-auth.ts';
import { FormTokens } from './auth/same-site.ts';
import { messagePage, type PageContext } from './layout.ts';
import { LogSearcher } from './logs/log-search.ts';
import { addPageRoutes } from './page-routes.ts';
import { addRuleRoutes } from './rules/rule-routes.ts';
import { addSilenceRoutes } from './silences/silence-routes.ts';
import { STYLESHEET, STYLESHEET_ETAG, STYLESHEET_PATH } from './style.ts';
import type { StatusView } from './view.ts';
import { createZoneTime } from './zone-time.ts';

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface AppParts {
  readonly view: StatusView;
  readonly auth: PageAuth;
  readonly logger: Logger;
  /** Ends searches under way. */
  readonly signal: AbortSignal;
}

/** Every route of page and API. All of them only read, but for those of silences and the one that tries a rule. */
export function createApp({ view, auth, logger, signal }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.use(setHeaders);
  addOpenRoutes(app, view);
  const doorkeeper = new Doorkeeper({
    auth,
    view,
    refuse: (request, response, refusal) => sendRefusal({ view, logger }, request, response, refusal),
  });
  app.use((request, response, next) => doorkeeper.keepReaders(request, response, next));
  const forms: FormRoutes = {
    tokens: new FormTokens(),
    context: () => contextOf(view, logger),
    admit: (request, response) => doorkeeper.admitWriter(request, response),
    whyReadOnly: (request) => doorkeeper.whyReadOnly(request),
    sendPage,
  };
  addSilenceRoutes(app, { ...forms, view, sendJson });
  addRuleRoutes(app, { ...forms, view, untilGone: (response) => untilGone(response, signal) });
  app.use(refuseWriting);
  const logs = new LogSearcher(view);
  addMetrics(app, view);
  addApiRoutes(app, { view, logs, logger, signal });
  addPageRoutes(app, {
    view,
    logs,
    context: () => contextOf(view, logger),
    untilGone: (response) => untilGone(response, signal),
    sendPage,
  });
  app.use((request: Request, response: Response) => {
    if (wantsJson(request)) sendJson(response, 404, { error: `there is nothing at ${request.path.slice(0, 200)}` });
    else sendPage(response, 404, messagePage(contextOf(view, logger), 'Not found', 'There is no page at this address.'));
  });
  app.use(answerError(view, logger));
  return app;
}

const SEARCH_LATE = 'the search took too long; narrow it by namespace, workload, level or since';

interface Parts extends Sources {
  readonly signal: AbortSignal;
}

function setHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
}

/** What may be written where. */
const WRITES = [
  { path: /^\/(?:api\/v1\/)?silences\/?$/, method: 'POST' },
  { path: /^\/api\/v1\/silences\/[^/]+\/?$/, method: 'DELETE' },
  { path: /^\/(?:silences\/[^/]+\/end|rules\/[^/]+)\/?$/, method: 'POST' },
] as const;

function refuseWriting(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  const methods = ['GET', 'HEAD', ...WRITES.filter(({ path }) => path.test(request.path)).map(({ method }) => method)];
  response.set('Allow', methods.join(', '));
  sendJson(response, 405, { error: `${request.method} is not allowed here; use ${methods.join(' or ')}` });
}

/** What a kubelet asks, and the stylesheet: without a password. */
function addOpenRoutes(app: Express, view: StatusView): void {
  app.get(STYLESHEET_PATH, (request, response) => {
    response.set({ 'Cache-Control': 'public, max-age=31536000, immutable', ETag: STYLESHEET_ETAG });
    if (request.get('if-none-match') === STYLESHEET_ETAG) response.status(304).end();
    else response.type('text/css').send(STYLESHEET);
  });
  app.get('/healthz', (request, response) => {
    const { status, reasons, alive, strict } = view.health();
    const asked = new URLSearchParams(request.url.split('?')[1] ?? '').has('strict');
    sendJson(response, alive && (strict || !asked) ? 200 : 503, { status, reasons });
  });
  app.get('/readyz', (_request, response) => {
    const ready = view.ready();
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'starting' });
  });
}

function addMetrics(app: Express, view: StatusView): void {
  app.get('/metrics', (_request, response) => {
    response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(view.metrics());
  });
}

function addApiRoutes(app: Express, { signal, ...sources }: Parts): void {
  app.get('/api/v1/openapi.json', (_request, response) => sendJson(response, 200, openApiDocument(sources.view.version)));
  for (const [list, answer] of Object.entries(LIST_ROUTES)) {
    app.get(`/api/v1/${list}`, async (request, response) => {
      if (list === 'logs') {
        if (sources.logs.busy) return sendBusy(response);
        const stream = logStreamOf(sources.view, request.url);
        if (stream?.follow === true && sources.logs.crowded) return sendBusy(response);
        if (stream !== null) return sendLogStream(response, sources, stream, untilGone(response, signal));
      }
      const page = await answer(sources, request.url, untilGone(response, signal));
      if (page === 'late') sendJson(response, 503, { error: SEARCH_LATE });
      else sendJson(response, 200, page);
    });
  }
}

/** Aborts when the server stops or the client has gone. */
function untilGone(response: Response, signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([signal, gone.signal]);
}

function contextOf(view: StatusView, logger: Logger): PageContext {
  const now = view.now();
  return { view, logger, now, time: createZoneTime(view.timezone, now) };
}

function sendPage(response: Response, status: number, text: string): void {
  response.status(status).type('html').send(text);
}

function sendJson(response: Response, status: number, body: unknown): void {
  response.status(status).type('json').send(JSON.stringify(body));
}

function sendBusy(response: Response): void {
  response.set('Retry-After', '2');
  sendJson(response, 503, { error: 'too many log searches run at once; try again in a moment' });
}

function sendRefusal(
  { view, logger }: Pick<AppParts, 'view' | 'logger'>,
  request: Request,
  response: Response,
  { status, reason, challenge }: Refusal,
): void {
  if (challenge !== null) response.set('WWW-Authenticate', challenge);
  if (status === 429) response.set('Retry-After', '60');
  if (wantsJson(request) || request.path === '/metrics') sendJson(response, status, { error: reason });
  else
    sendPage(
      response,
      status,
      messagePage(contextOf(view, logger), 'Not allowed', `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`),
    );
}

function wantsJson(request: Request): boolean {
  return request.path.startsWith('/api/');
}

/** The last resort: what the client may know, never a stack. Express calls it for everything that a route threw. */
function answerError(view: StatusView, logger: Logger) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const known = error instanceof ConfigError;
    // Express marks what is wrong with a request itself, such as a path that cannot be decoded, by a status.
    const malformed = error instanceof URIError;
    const status = known || malformed ? 400 : (refusedBody(error) ?? 500);
    if (status === 500) logger.error('page failed', { path: request.path, error: toError(error).stack ?? messageOf(error) });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const text = known
      ? messageOf(error)
      : malformed
        ? 'the address cannot be decoded'
        : status < 500
          ? 'the body cannot be read, or is too large'
          : 'the answer could not be made; the log says why';
    if (wantsJson(request)) sendJson(response, status, { error: text });
    else
      sendPage(
        response,
        status,
        messagePage(contextOf(view, logger), status < 500 ? 'Bad request' : 'Something went wrong', text),
      );
  };
}

/** Express marks a body that it does not take, such as one that is too large, by a status of its own. */
function refusedBody(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
