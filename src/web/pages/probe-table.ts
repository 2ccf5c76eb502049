import { humanDuration } from '../../base/duration.ts';
import { type Html, html } from '../html.ts';
import type { PageContext } from '../layout.ts';
import { type ProbeRow, probeRows } from '../probe-rows.ts';

/** Synthetic checks and their last hour; nothing where none is set up. */
export function probeSection(context: PageContext): Html | null {
  const rows = probeRows(context.view.window());
  if (rows.length === 0) return null;
  return html`<section aria-labelledby="probes"><h2 id="probes">Probes</h2>
<div class="table"><table class="stacked"><caption class="vh">Probes</caption><thead><tr><th scope="col">Probe</th><th scope="col">State</th><th scope="col">Failed in an hour</th><th scope="col">Answers in</th><th scope="col">Last failure</th><th scope="col">Certificate</th></tr></thead>
<tbody>${rows.map((row) => probeRow(row, context))}</tbody></table></div></section>`;
}

function probeRow(
  { name, url, state, failedRatio, latency, lastError, certificateEndsAt }: ProbeRow,
  { now }: PageContext,
): Html {
  const certificate = certificateEndsAt === null ? '-' : humanDuration(Math.max(0, certificateEndsAt - now));
  return html`<tr><th scope="row" class="full">${name}<br><span class="where muted small">${url}</span></th><td data-l="State">${state}</td><td data-l="Failed in an hour">${failedRatio === null ? '-' : `${Math.round(failedRatio * 1000) / 10}%`}</td><td data-l="Answers in">${latency === null ? '-' : `${Math.round(latency)} ms`}</td><td data-l="Last failure">${lastError ?? '-'}</td><td data-l="Certificate">${certificate}</td></tr>`;
}
