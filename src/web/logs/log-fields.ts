import { ASKED_LEVELS } from '../api/query.ts';
import { type Html, html } from '../html.ts';
import type { LogForm } from './log-query.ts';

/** A text field of a search form, with what stands in it. */
export function textField(
  form: LogForm,
  name: keyof LogForm,
  { label, hint }: { readonly label: string; readonly hint: string },
): Html {
  return html`<label>${label}<input name="${name}" value="${form[name]}" placeholder="${hint}" autocomplete="off" spellcheck="false"></label>`;
}

/** The field for what lines say. */
export function patternField(form: LogForm): Html {
  return html`<label class="wide">Text (RE2 pattern)<input type="search" name="grep" value="${form.grep}" autocomplete="off" spellcheck="false"></label>`;
}

/** The choice of levels. */
export function levelField(form: LogForm): Html {
  const options = ASKED_LEVELS.map(
    (level) => html`<option value="${level}"${level === form.level && html` selected`}>${level} or worse</option>`,
  );
  return html`<label>Level<select name="level"><option value="">any</option>${options}</select></label>`;
}
