import { exact, folded, opening, TOKEN_END } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

const HEX = [...'0123456789abcdef'];
const DIGITS = [...'0123456789'];

/** Of mail, messages, shops and payments. */
export const commerce: readonly VendorShape[] = [
  ['firebase-key', exact(':APA91b'), '(AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100,})'],
  ['sendgrid-key', opening('SG.'), `(SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64})${TOKEN_END}`],
  [
    'twilio-key',
    [{ text: 'SK', folded: false, opens: true, behind: HEX.flatMap((first) => HEX.map((second) => `${first}${second}`)) }],
    `(SK[0-9a-f]{32})${TOKEN_END}`,
  ],
  [
    'twilio-token',
    [{ text: 'AC', folded: false, opens: true, behind: HEX.flatMap((first) => HEX.map((second) => `${first}${second}`)) }],
    `(?<=AC[0-9a-f]{32}["':,\\s]{1,4})([0-9a-f]{32})${TOKEN_END}`,
  ],
  ['mailgun-key', exact('key-'), `(key-[0-9a-f]{32})${TOKEN_END}`],
  ['mailgun-key', folded('mailgun'), `([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})${TOKEN_END}`],
  ['mailchimp-key', [{ text: '-us', folded: false, behind: DIGITS }], `([0-9a-f]{32}-us\\d{1,2})${TOKEN_END}`],
  ['brevo-key', exact('xkeysib-', 'xsmtpsib-'), '(x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16})'],
  ['stripe-key', exact('k_live_', 'k_test_', 'k_prod_'), '([sr]k_(?:live|test|prod)_[A-Za-z0-9_]{10,})'],
  ['stripe-key', exact('whsec_'), '(whsec_[A-Za-z0-9+/]{24,}={0,2})'],
  ['shopify-token', exact('shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_'), '(shp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32,})'],
  ['square-token', exact('sq0atp-', 'sq0csp-'), '(sq0(?:atp|csp)-[A-Za-z0-9_-]{22,})'],
  ['square-token', exact('EAAA'), `(EAAA[A-Za-z0-9_-]{60})(?![A-Za-z0-9_+/=-])`],
  ['paypal-token', exact('access_token$production$'), '(access_token\\$production\\$[0-9a-z]{16}\\$[0-9a-f]{32})'],
];
