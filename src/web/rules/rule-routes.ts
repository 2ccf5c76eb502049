import express, { type Express, type Request, type Response } from 'express';
import { admitForm, type FormRoutes, formRights } from '../auth/form-routes.ts';
import { messagePage } from '../layout.ts';
import type { StatusView } from '../view.ts';
import { rulePage } from './rule-page.ts';
import { type RuleStatus, ruleStatuses } from './rule-status.ts';
import type { TriedRule } from './rule-trial.ts';
import { rulesPage } from './rules-page.ts';

export interface RuleRoutes extends FormRoutes {
  readonly view: StatusView;
  /** Aborts when the server stops or the client has gone. */
  readonly untilGone: (response: Response) => AbortSignal;
}

/** More than any rule has. */
const BODY_LIMIT = '64kb';

/** The pages of rules. Trying an edited one changes nothing, but costs what only those who may write should spend. */
export function addRuleRoutes(app: Express, routes: RuleRoutes): void {
  const { view, context, sendPage, untilGone } = routes;
  const statusOf = (request: Request) => ruleStatuses(view).find(({ rule }) => rule.alert === request.params['alert']);
  const show = async (request: Request, response: Response, status: RuleStatus | undefined, tried: TriedRule | null) => {
    if (status === undefined) {
      const text = 'No rule that is in force has this name; it may have been renamed or removed.';
      return sendPage(response, 404, messagePage(context(), 'No such rule', text));
    }
    const text = tried?.text ?? view.trials.source(status.rule);
    const rights = await formRights(routes, request, response);
    const isRefused = tried !== null && tried.outcome.result === null;
    sendPage(response, isRefused ? 400 : 200, rulePage(context(), status, { ...rights, text, tried }));
  };

  app.get('/rules', (_request, response) => sendPage(response, 200, rulesPage(context())));
  app.get('/rules/:alert', (request, response) => show(request, response, statusOf(request), null));
  app.post('/rules/:alert', express.text({ type: () => true, limit: BODY_LIMIT }), async (request, response) => {
    const sent = await admitForm(routes, request, response);
    if (sent === null) return;
    const status = statusOf(request);
    if (status === undefined) return show(request, response, status, null);
    const text = sent.fields.get('rule') ?? '';
    const outcome = await view.trials.try(status.rule, text, untilGone(response));
    await show(request, response, status, { text, outcome });
  });
}
