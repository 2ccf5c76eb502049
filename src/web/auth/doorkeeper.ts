import type { NextFunction, Request, Response } from 'express';
import type { StatusView } from '../view.ts';
import { type Admission, admit } from './gate.ts';
import type { Guard, PageAuth } from './page-auth.ts';
import { PasswordCheck } from './password-check.ts';

/** Why a request is not admitted. */
export type Refusal = Extract<Admission, { readonly allowed: false }>;

interface DoorkeeperOptions {
  readonly auth: PageAuth;
  readonly view: StatusView;
  /** Answers a request that is not admitted. */
  readonly refuse: (request: Request, response: Response, refusal: Refusal) => void;
}

/** Lets requests in as `status_page.auth` says. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #passwords: PasswordCheck;
  readonly #ownHost: string | null;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#passwords = new PasswordCheck(() => options.view.now());
    this.#ownHost = URL.parse(options.view.externalUrl ?? '')?.hostname ?? null;
  }

  /** Passes on whoever may read; what writes is asked about by itself. */
  async keepReaders(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { auth, refuse } = this.#options;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const admission: Admission = isReading ? await this.#ask(auth.read, request) : { allowed: true, user: null };
    if (admission.allowed) next();
    else refuse(request, response, admission);
  }

  /** Who writes; `null` when they may not, and then the request is answered. */
  async admitWriter(request: Request, response: Response): Promise<{ readonly user: string | null } | null> {
    const admission = await this.#ask(this.#options.auth.write, request);
    if (admission.allowed) return admission;
    this.#options.refuse(request, response, admission);
    return null;
  }

  /** Why whoever asks may not write; `null` when they may, or when they are asked for a password as soon as they do. */
  async whyReadOnly(request: Request): Promise<string | null> {
    const admission = await this.#ask(this.#options.auth.write, request);
    return admission.allowed || admission.challenge?.startsWith('Basic') === true ? null : admission.reason;
  }

  #ask(guard: Guard, request: Request): Promise<Admission> {
    return admit(guard, request, { passwords: this.#passwords, ownHost: this.#ownHost });
  }
}
