import { silencePort } from '../../src/app/alerts/silences.ts';
import type { Silence } from '../../src/core/model/silence.ts';
import type { AlertsDocument } from '../../src/core/model/state.ts';
import type { StatusView } from '../../src/web/view.ts';
import { NOW } from './fixture.ts';
import { withAlerts } from './scenes.ts';

/** A page over alerts that fire, whose silences are kept in memory. */
export function silencing(): { readonly view: StatusView; readonly silences: () => readonly Silence[] } {
  const scene = withAlerts();
  let document: AlertsDocument = scene.alerts();
  let ids = 0;
  const port = silencePort({
    read: () => document,
    change: async (change) => {
      document = change(document);
    },
    now: () => NOW,
    redact: (text) => text.replaceAll('hunter2', '***'),
    newId: () => `id${ids++}-${'x'.repeat(20)}`,
  });
  return { view: { ...scene, alerts: () => document, silences: port }, silences: () => document.silences };
}
