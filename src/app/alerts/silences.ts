import { addSilence, endSilence, MOST_SILENCES } from '../../core/alerts/suppress/silence.ts';
import { readSilence } from '../../core/alerts/suppress/silence-request.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import type { SilencePort } from '../../web/view.ts';

interface SilenceParts {
  readonly read: () => AlertsDocument;
  /** Makes a change durable, and what follows from it. */
  readonly change: (change: (document: AlertsDocument) => AlertsDocument) => Promise<void>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Takes secrets out of what people write. */
  readonly redact: (text: string) => string;
}

/** Silences of an alerts document, for page, API and command line. Ids are short, so that they can be typed. */
export function silencePort({ read, change, now, newId, redact }: SilenceParts): SilencePort {
  return {
    async add(request, author) {
      const asked = readSilence(request, { now: now(), id: newId().slice(0, 8), author });
      if (asked.silence === null) return asked;
      const silence = { ...asked.silence, comment: redact(asked.silence.comment), author: redact(asked.silence.author) };
      let isFull = false;
      await change((document) => {
        const added = addSilence(document, silence);
        isFull = added === null;
        return added ?? document;
      });
      const full = `there are ${MOST_SILENCES} silences already; end some first`;
      return isFull ? { silence: null, problems: [full] } : { silence, problems: [] };
    },
    async end(id) {
      const known = read().silences.filter((silence) => silence.id === id || (id.length >= 4 && silence.id.startsWith(id)));
      const [silence, another] = known;
      if (silence === undefined || another !== undefined) return null;
      await change((document) => endSilence(document, silence.id, now()));
      return read().silences.find((each) => each.id === silence.id) ?? null;
    },
  };
}
