import { type Detector, exact, hidden, opening, TOKEN_END, TOKEN_START } from './detector.ts';

/** A prefix that nothing else has, and what follows it. */
const SHAPES: readonly (readonly [prefix: string, rest: string])[] = [
  ['fm2_', '[A-Za-z0-9+/]{50,}={0,2}'], // Fly.io
  ['pscale_', '(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{30,}'],
  ['sbp_', '[0-9a-f]{40}'], // Supabase
  ['ntn_', '[A-Za-z0-9]{40,}'], // Notion
  ['secret_', '[A-Za-z0-9]{43}'],
  ['figd_', '[A-Za-z0-9_-]{38,}'],
  ['nfp_', '[A-Za-z0-9]{36,}'], // Netlify
  ['vcp_', '[A-Za-z0-9]{24,}'], // Vercel
  ['v1.0-', '[0-9a-f]{24}-[0-9a-f]{100,}'], // Cloudflare
  ['sgp_', '(?:[0-9a-f]{16}_)?[0-9a-f]{40}'], // Sourcegraph
  ['pnu_', '[A-Za-z0-9]{36}'], // Prefect
  ['CLOJARS_', '[A-Za-z0-9]{60}'],
  ['tk-us-', '[A-Za-z0-9_-]{48}'], // Scalingo
  ['rdme_', '[a-z0-9]{70}'], // ReadMe
  ['ico-', '[A-Za-z0-9]{32}'], // Infracost
  ['EZAK', '[A-Za-z0-9]{54}'], // EasyPost
  ['EZTK', '[A-Za-z0-9]{54}'],
  ['duffel_', '(?:live|test)_[A-Za-z0-9_=-]{40,}'],
  ['fio-u-', '[A-Za-z0-9_=-]{60,}'], // Frame.io
  ['tfp_', '[A-Za-z0-9_.=-]{50,}'], // Typeform
  ['aio_', '[A-Za-z0-9]{28}'], // Adafruit
  ['CFPAT-', '[A-Za-z0-9_-]{40,}'], // Contentful
  ['bkua_', '[0-9a-f]{40}'], // Buildkite
  ['ops_eyJ', '[A-Za-z0-9+/]{200,}={0,3}'], // 1Password
  ['shippo_', '(?:live|test)_[0-9a-fA-F]{40}'],
  ['squ_', '[0-9a-f]{40}'], // SonarQube
  ['sqp_', '[0-9a-f]{40}'],
  ['tskey-', '[a-z]{2,10}-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}'], // Tailscale
  ['pat.', '[A-Za-z0-9_-]{22}\\.[0-9a-fA-F]{24}\\.[A-Za-z0-9]{20}'], // Harness
  ['sm_pat_', '[A-Za-z0-9]{16,}'],
  ['FLWSECK', '[A-Z_-]{1,6}[A-Za-z0-9]{12,}(?:-X)?'], // Flutterwave
  ['rzp_live_', '[A-Za-z0-9]{14,}'], // Razorpay
  ['lsv2_', '(?:pt|sk)_[A-Za-z0-9_]{32,}'], // LangSmith
  ['pcsk_', '[A-Za-z0-9_]{30,}'], // Pinecone
  ['napi_', '[A-Za-z0-9]{40,}'], // Neon
  ['phx_', '[A-Za-z0-9_]{40,}'], // PostHog
  ['sha256~', '[A-Za-z0-9_-]{43}'], // OpenShift
  ['AKID', '[A-Za-z0-9]{32}'], // Tencent
  ['AQVN', '[A-Za-z0-9_-]{35,38}'], // Yandex
  ['ABSK', '[A-Za-z0-9+/]{100,}={0,2}'], // Bedrock
  ['oy2', '[a-z0-9]{43}'], // NuGet
  ['sk.eyJ', '[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{20,}'], // Mapbox
  ['secret-live-', '[A-Za-z0-9_-]{36}=?'], // Stytch
  ['cio', '[A-Za-z0-9]{32}'], // Cargo
  ['vercel_blob_rw_', '[A-Za-z0-9]{16}_[A-Za-z0-9]{30}'],
  ['cmVmdGtu', '[A-Za-z0-9]{56}'], // JFrog
  ['essu_', '[A-Za-z0-9+/]{40,}={0,2}'], // Elastic
  ['cflt', '[A-Za-z0-9+/]{60}'], // Confluent
  ['mdb_sa_sk_', '[A-Za-z0-9_-]{40}'], // MongoDB Atlas
  ['fo1_', '[A-Za-z0-9_-]{43}'], // Fly.io
  ['re_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'], // Resend
  ['pk_', '\\d{6,10}_[A-Z0-9]{32}'], // ClickUp
  ['CCIPAT_', '[A-Za-z0-9]{22}_[0-9a-f]{40}'], // CircleCI
  ['SCW', '[A-Z0-9]{17}'], // Scaleway
  ['SSWS 00', '[A-Za-z0-9_-]{40}'], // Okta
  ['_live_', '[A-Za-z0-9]{24,}'],
];

/** Tokens of further vendors, each told by its prefix alone. */
export const furtherTokens: readonly Detector[] = SHAPES.map(([prefix, rest]) => {
  const start = prefix.startsWith('_') ? '(?<=[a-z]{2,12})' : TOKEN_START;
  const pattern = new RegExp(`${start}${prefix.replaceAll('.', '\\.')}${rest}${TOKEN_END}`, 'g');
  const keywords = prefix.length < 4 || prefix === 'pat.' ? opening(prefix) : exact(prefix);
  return { keywords, redact: (text) => text.replace(pattern, hidden('vendor-token')) };
});
