import { exact, folded, TOKEN_END } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

/** How the base64 of a number that begins with 10 to 15 goes on, as accounts of bots do that were made since 2022. */
const BEHIND_MT = [...'AEIMQU'].flatMap((first) => [...'wxyz012345'].map((second) => first + second));

/** Of chats and their webhooks. */
export const chat: readonly VendorShape[] = [
  ['slack-token', exact('xox'), '(xox[a-eo-s](?:\\.xox[bp])?-[A-Za-z0-9%+/=-]{10,})'],
  ['slack-token', exact('xapp-'), '(xapp-\\d-[A-Za-z0-9-]{20,})'],
  [
    'slack-webhook',
    exact('hooks.slack'),
    '(?<=hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/)([A-Za-z0-9+/_-]{20,})',
  ],
  ['zapier-webhook', exact('hooks.zapier'), '(?<=hooks\\.zapier\\.com/hooks/catch/\\d{1,12}/)([A-Za-z0-9]{5,40})'],
  ['ifttt-webhook', exact('/with/key/'), '(?<=/with/key/)([A-Za-z0-9_-]{20,})'],
  ['discord-webhook', exact('webhooks/'), '(?<=/api/webhooks/\\d{15,21}/)([A-Za-z0-9_-]{40,})'],
  ['teams-webhook', exact('office.com/webhook'), '(?<=\\.office\\.com/webhook(?:b2)?/)([A-Za-z0-9@/_-]{40,})'],
  [
    'discord-token',
    [
      ...folded('discord'),
      { text: 'Bot ', folded: false, before: ' "\'' },
      { text: 'MT', folded: false, opens: true, behind: BEHIND_MT },
    ],
    `([MNO][A-Za-z0-9_-]{23,28}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,40})${TOKEN_END}`,
  ],
  [
    'telegram-token',
    [{ text: ':AA', folded: false, before: '0123456789' }],
    `((?:(?<=/)bot)?\\d{8,10}:AA[A-Za-z0-9_-]{32,34})${TOKEN_END}`,
  ],
];
