import { cut } from '../../../base/visible.ts';
import type { Evidence, EvidenceLine, EvidencePattern } from '../../model/notification.ts';

/** Evidence of one alert takes at most so many bytes as JSON. */
export const EVIDENCE_BYTES = 16 * 1024;
const LINE_CHARACTERS = 2_000;
const MESSAGE_CHARACTERS = 500;

/** Cuts long texts, then drops what says least (the oldest of the last lines, further matches) until the evidence fits. */
export function shrinkEvidence(evidence: Evidence): Evidence {
  let length = LINE_CHARACTERS;
  let small = cutTexts(evidence, length);
  while (bytesOf(small) > EVIDENCE_BYTES) {
    const lines = small.lastLines.length;
    if (lines > 1) small = { ...small, lastLines: small.lastLines.slice(Math.ceil(lines / 4)) };
    else if (small.matching.length > 1) small = { ...small, matching: small.matching.slice(0, -1) };
    else if ((small.patterns?.length ?? 0) > 1) small = { ...small, patterns: small.patterns?.slice(0, -1) ?? [] };
    else if (small.events.length > 1) small = { ...small, events: small.events.slice(0, -1) };
    else if (small.terminations.length > 1) small = { ...small, terminations: small.terminations.slice(0, -1) };
    else {
      length = Math.floor(length / 2);
      small = cutTexts({ ...small, series: [] }, length);
    }
  }
  return small;
}

function cutTexts(evidence: Evidence, length: number): Evidence {
  const cutLine = (line: EvidenceLine) => ({ ...line, text: cut(line.text, length) });
  const cutMessage = <T extends { readonly message: string }>(of: T): T => ({
    ...of,
    message: cut(of.message, Math.min(length, MESSAGE_CHARACTERS)),
  });
  const cutPattern = (pattern: EvidencePattern) => ({
    ...pattern,
    template: cut(pattern.template, length),
    sample: cut(pattern.sample, length),
  });
  return {
    ...evidence,
    lastLines: evidence.lastLines.map(cutLine),
    matching: evidence.matching.map(cutLine),
    ...(evidence.patterns === undefined ? {} : { patterns: evidence.patterns.map(cutPattern) }),
    events: evidence.events.map(cutMessage),
    terminations: evidence.terminations.map(cutMessage),
  };
}

function bytesOf(evidence: Evidence): number {
  return new TextEncoder().encode(JSON.stringify(evidence)).length;
}
