import type { Express, Response } from 'express';
import { messagePage, type PageContext } from './layout.ts';
import { searchForPage } from './logs/log-query.ts';
import type { LogSearcher } from './logs/log-search.ts';
import { logsPage } from './logs/logs-page.ts';
import { alertPage } from './pages/alert-page.ts';
import { alertsPage } from './pages/alerts-page.ts';
import { deliveriesPage } from './pages/deliveries-page.ts';
import { overviewPage } from './pages/overview-page.ts';
import type { StatusView } from './view.ts';
import { isKnown, workloadPage } from './workload/workload-page.ts';

export interface PageRoutes {
  readonly view: StatusView;
  readonly logs: LogSearcher;
  readonly context: () => PageContext;
  /** Aborts when the server stops or the client has gone. */
  readonly untilGone: (response: Response) => AbortSignal;
  readonly sendPage: (response: Response, status: number, text: string) => void;
}

/** The pages that only show something. */
export function addPageRoutes(app: Express, routes: PageRoutes): void {
  const { view, context, sendPage } = routes;
  app.get('/', async (request, response) => {
    const { text, page } = readList(request.url);
    const filter = { q: text('q'), namespace: text('namespace'), state: text('state'), page };
    sendPage(response, 200, await overviewPage(context(), filter));
  });
  app.get('/alerts', (_request, response) => sendPage(response, 200, alertsPage(context())));
  app.get('/alerts/:id', async (request, response) => {
    const alert = view.alerts().alerts.find((candidate) => candidate.id === request.params.id);
    if (alert !== undefined) return sendPage(response, 200, await alertPage(context(), alert));
    const text = 'No alert of the stored window has this address; it may have resolved more than a day ago.';
    sendPage(response, 404, messagePage(context(), 'No such alert', text));
  });
  app.get('/deliveries', (request, response) => {
    const { text, page } = readList(request.url);
    sendPage(response, 200, deliveriesPage(context(), { receiver: text('receiver'), status: text('status'), page }));
  });
  addLogRoutes(app, routes);
}

function addLogRoutes(app: Express, { view, logs, context, untilGone, sendPage }: PageRoutes): void {
  app.get('/logs', async (request, response) => {
    const asked = { view, logs, target: request.url, workload: null };
    const { status, ...found } = await searchForPage(asked, untilGone(response));
    if (found.outcome.kind === 'busy') response.set('Retry-After', '2');
    sendPage(response, status, logsPage(context(), found));
  });
  app.get('/workloads/:namespace/:kind/:name', async (request, response) => {
    const workload = request.params;
    if (!isKnown(view, workload)) {
      const text = 'No workload of the stored window has this address; it may be gone for more than a day.';
      return sendPage(response, 404, messagePage(context(), 'No such workload', text));
    }
    const asked = { view, logs, target: request.url, workload };
    const { status, ...found } = await searchForPage(asked, untilGone(response));
    if (found.outcome.kind === 'busy') response.set('Retry-After', '2');
    sendPage(response, status, workloadPage(context(), workload, found));
  });
}

/** The fields of a list's form, and which of its pages is asked for, from 1. */
function readList(target: string): { readonly text: (name: string) => string; readonly page: number } {
  const query = new URLSearchParams(target.split('?')[1] ?? '');
  const text = (name: string) => (query.get(name) ?? '').trim().slice(0, 200);
  return { text, page: /^[1-9]\d{0,5}$/.test(text('page')) ? Number(text('page')) : 1 };
}
