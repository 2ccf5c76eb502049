import { exact, folded, TOKEN_END } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

const ALPHANUMERIC = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
/** What begins words behind "pat": path, patch, pattern, patient, patron. */
const WORDS_BEHIND_PAT = 'htcireao';
/** Not all that can follow `pat`, which would be in each path. */
const BEHIND_PAT = ALPHANUMERIC.flatMap((first) => ALPHANUMERIC.map((second) => `${first}${second}`)).filter(
  (pair) => !(WORDS_BEHIND_PAT.includes(pair[0] ?? '') && /[a-z]$/.test(pair)),
);

/** Of products whose tokens have no prefix that nothing else has. */
export const products: readonly VendorShape[] = [
  [
    'airtable-token',
    [{ text: 'pat', folded: false, opens: true, behind: BEHIND_PAT }, ...folded('airtable')],
    `(pat[A-Za-z0-9]{14}\\.[0-9a-f]{64})${TOKEN_END}`,
  ],
  ['asana-token', folded('asana'), `([0-2]/(?:\\d{13,17}/)?\\d{13,17}:[0-9a-f]{32})${TOKEN_END}`],
  ['maxmind-key', exact('_mmk'), `([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)${TOKEN_END}`],
  ['launchdarkly-key', folded('launchdarkly'), `(api-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})${TOKEN_END}`],
  [
    'pagerduty-key',
    [...exact('event_action'), ...folded('pagerduty')],
    `(?<=(?:routing_key|ROUTING_KEY|routingKey)\\\\{0,3}["']?\\s?[:=]\\s?\\\\{0,3}["']?)([0-9a-fA-Z]{32})${TOKEN_END}`,
  ],
  ['pagerduty-key', folded('pagerduty'), `(?<=pagerduty\\.com/integration/)([0-9a-f]{32})${TOKEN_END}`],
  ['pagerduty-key', folded('pagerduty'), `([uy]\\+[A-Za-z0-9_-]{18})${TOKEN_END}`],
  [
    'nats-seed',
    [...folded('nats'), { text: 'seed', folded: false, behind: [' S', '=S', ': S', '":"S'] }],
    `(S[UANOCX][A-Z2-7]{56})${TOKEN_END}`,
  ],
  ['azure-devops-token', exact('AZDO'), `([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})${TOKEN_END}`],
];
