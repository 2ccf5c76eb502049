import type { Request, Response } from 'express';
import { messagePage, type PageContext } from '../layout.ts';
import type { FormTokens } from './same-site.ts';

/** What a request that writes has passed before: who asks, where that is known. */
export interface Writer {
  readonly user: string | null;
}

/** What routes need whose forms are for those who may write. */
export interface FormRoutes {
  readonly tokens: FormTokens;
  readonly context: () => PageContext;
  /** Whether the request may write; answers it itself, and gives `null`, when it may not. */
  readonly admit: (request: Request, response: Response) => Promise<Writer | null>;
  /** Why the request may not write, for the page; `null` when it may. */
  readonly whyReadOnly: (request: Request) => Promise<string | null>;
  readonly sendPage: (response: Response, status: number, text: string) => void;
}

/** What a page with such a form has to know of its visitor. */
export interface FormRights {
  readonly token: string;
  /** Why this visitor may not send the form; `null` when they may. */
  readonly readOnly: string | null;
}

/** Issues a token for a form of the page that is being answered. */
export async function formRights(
  { tokens, whyReadOnly }: Pick<FormRoutes, 'tokens' | 'whyReadOnly'>,
  request: Request,
  response: Response,
): Promise<FormRights> {
  const { token, cookie } = tokens.issue(request);
  if (cookie !== null) response.append('Set-Cookie', cookie);
  return { token, readOnly: await whyReadOnly(request) };
}

/** A sent form whose sender may write and that a page of ours has sent; `null` when it is not, and then the request is answered. The body is read as text. */
export async function admitForm(
  { tokens, context, admit, sendPage }: FormRoutes,
  request: Request,
  response: Response,
): Promise<{ readonly writer: Writer; readonly fields: URLSearchParams } | null> {
  const writer = await admit(request, response);
  if (writer === null) return null;
  const fields = new URLSearchParams(String(request.body));
  if (tokens.isOwn(request, fields)) return { writer, fields };
  const text = 'The form is too old, or was not made by this page. Load the page again and repeat it there.';
  sendPage(response, 403, messagePage(context(), 'Not done', text));
  return null;
}
