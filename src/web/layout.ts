import type { Logger } from '../base/logger.ts';
import type { Severity } from '../core/model/alert.ts';
import { type Html, type HtmlPart, html, trusted } from './html.ts';
import { STYLESHEET_PATH } from './style.ts';
import type { StatusView } from './view.ts';
import type { ZoneTime } from './zone-time.ts';

/** What a page needs besides its own content. */
export interface PageContext {
  readonly view: StatusView;
  readonly logger: Logger;
  readonly now: number;
  readonly time: ZoneTime;
}

interface PageParts {
  readonly title: string;
  /** The navigation entry that it belongs to. */
  readonly here: '/' | '/alerts' | '/silences' | '/rules' | '/deliveries' | '/logs' | null;
  readonly content: HtmlPart;
  /** Seconds after which the browser loads the page anew. */
  readonly refresh?: number;
}

const NAVIGATION = [
  ['/', 'Status'],
  ['/alerts', 'Alerts'],
  ['/silences', 'Silences'],
  ['/rules', 'Rules'],
  ['/deliveries', 'Deliveries'],
  ['/logs', 'Logs'],
] as const;

/** A whole document around a page's content. */
export function renderPage(context: PageContext, parts: PageParts): string {
  const { view, time, now } = context;
  const firing = view.alerts().alerts.filter((alert) => alert.state === 'firing').length;
  const links = NAVIGATION.map(([path, name]) => {
    const current = path === parts.here ? trusted(' aria-current="page"') : null;
    const count =
      path === '/alerts' && firing > 0 ? html` <span class="count">${firing}<span class="vh"> firing</span></span>` : null;
    return html`<li><a href="${path}"${current}>${name}${count}</a></li>`;
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${parts.refresh !== undefined && html`<meta http-equiv="refresh" content="${parts.refresh}">`}
<title>${parts.title} · ${view.cluster} · Tocsin</title>
<link rel="icon" href="${favicon(firing > 0)}">
<link rel="stylesheet" href="${STYLESHEET_PATH}">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${ICON_SPRITE}
<header class="bar">
<a class="brand" href="/">${icon('bell')}Tocsin</a>
<span class="cluster" title="Cluster">${view.cluster}</span>
<nav aria-label="Pages"><ul>${links}</ul></nav>
</header>
<main id="main" tabindex="-1">
${parts.content}
</main>
<footer class="foot">
<p>Times are ${time.name}; this page is of ${time.element(now)}.</p>
<p>Tocsin ${view.version} · <a href="/api/v1/openapi.json">API</a> · <a href="/metrics">Metrics</a> · <a href="/healthz">Health</a></p>
</footer>
</body>
</html>
`.toString();
}

export type IconName = 'bell' | 'ok' | 'critical' | 'warning' | 'info' | 'pending' | 'unknown' | 'gone';

/** A small picture; always beside a word that says the same. */
export function icon(name: IconName): Html {
  return trusted(`<svg class="i i-${name}" aria-hidden="true"><use href="#i-${name}"/></svg>`);
}

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { critical: 'Critical', warning: 'Warning', info: 'Info' };

/** The severity as picture and word. */
export function severityBadge(severity: Severity): Html {
  return html`<span class="badge ${severity}">${icon(severity)}${SEVERITY_WORDS[severity]}</span>`;
}

/** A link only for addresses that a browser opens as a page; anything else stays text. */
export function externalLink(address: string, text: string): Html {
  if (!/^https?:\/\//i.test(address)) return html`${address}`;
  return html`<a href="${address}" rel="noreferrer noopener">${text}</a>`;
}

/** A path with a query, its values encoded; `null` and empty values are left out. */
export function pathWithQuery(path: string, query: Readonly<Record<string, string | number | null>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A page that says why there is nothing to show. */
export function messagePage(context: PageContext, title: string, text: string): string {
  const content = html`<h1>${title}</h1><p class="lead">${text}</p><p><a href="/">Back to the status page</a></p>`;
  return renderPage(context, { title, here: null, content });
}

// Shapes differ, so that they can be told apart without colour: disc, octagon, triangle, square, ring, dashes.
const ICON_SPRITE = trusted(`<svg class="vh" aria-hidden="true"><defs>
<symbol id="i-bell" viewBox="0 0 16 16"><path d="M8 1a1 1 0 0 1 1 1v.6A4.5 4.5 0 0 1 12.5 7v2.6l1.4 2.2a.8.8 0 0 1-.7 1.2H2.8a.8.8 0 0 1-.7-1.2l1.4-2.2V7A4.5 4.5 0 0 1 7 2.6V2a1 1 0 0 1 1-1zM6.2 14h3.6a1.8 1.8 0 0 1-3.6 0z"/></symbol>
<symbol id="i-ok" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm3.7 4.7-1-1L7 8.3 5.3 6.6l-1 1L7 10.4z"/></symbol>
<symbol id="i-critical" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zM7.2 4v5h1.6V4zm0 6.3v1.7h1.6v-1.7z"/></symbol>
<symbol id="i-warning" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 1.2 15.6 14.5H.4zM7.2 6v4.3h1.6V6zm0 5.3v1.6h1.6v-1.6z"/></symbol>
<symbol id="i-info" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M2 2h12v12H2zm5.2 2v1.7h1.6V4zm0 3v5h1.6V7z"/></symbol>
<symbol id="i-pending" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.6a5.4 5.4 0 1 0 0 10.8A5.4 5.4 0 0 0 8 2.6zM7.3 4.5h1.5v3.2l2.2 1.4-.8 1.2-2.9-1.8z"/></symbol>
<symbol id="i-unknown" viewBox="0 0 16 16"><path d="M1.5 7.2h3.6v1.6H1.5zm4.7 0h3.6v1.6H6.2zm4.7 0h3.6v1.6h-3.6z"/></symbol>
<symbol id="i-gone" viewBox="0 0 16 16"><path d="m3.7 2.6 4.3 4.3 4.3-4.3 1.1 1.1L9.1 8l4.3 4.3-1.1 1.1L8 9.1l-4.3 4.3-1.1-1.1L6.9 8 2.6 3.7z"/></symbol>
</defs></svg>`);

function favicon(firing: boolean): string {
  const colour = firing ? '%23c62f35' : '%23218358';
  return `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='${colour}'/></svg>`;
}
