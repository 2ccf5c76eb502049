import type { Literal } from '../../literal-scan.ts';
import { type Detector, exact, hidden, opening, TOKEN_END, TOKEN_START } from '../detector.ts';
import { isFilled } from '../placeholder.ts';

/** A prefix that nothing else has, and what follows it. */
type Prefixed = readonly [vendor: string, prefix: string, rest: string];

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const BUILDS_AND_HOSTS: readonly Prefixed[] = [
  ['Fly.io', 'fm2_', '[A-Za-z0-9+/]{50,}={0,2}'],
  ['Fly.io', 'fo1_', '[A-Za-z0-9_-]{43}'],
  ['Netlify', 'nfp_', '[A-Za-z0-9]{36,}'],
  ['Vercel', 'vcp_', '[A-Za-z0-9]{24,}'],
  ['Vercel', 'vercel_blob_rw_', '[A-Za-z0-9]{16}_[A-Za-z0-9]{30,}'],
  ['Cloudflare', 'v1.0-', '[0-9a-f]{24}-[0-9a-f]{100,}'],
  ['Render', 'rnd_', '[A-Za-z0-9]{28,}'],
  ['Scaleway', 'SCW', '[A-Z0-9]{17}'],
  ['Scalingo', 'tk-us-', '[A-Za-z0-9_-]{48}'],
  ['Tencent', 'AKID', '[A-Za-z0-9]{32}'],
  ['Yandex', 'AQVN', '[A-Za-z0-9_-]{35,38}'],
  ['OpenShift', 'sha256~', '[A-Za-z0-9_-]{43}'],
  ['AWS', 'ABSK', '[A-Za-z0-9+/]{100,}={0,2}'],
  ['AWS', 'amzn.mws.', UUID],
  ['Aiven', 'AVNS_', '[A-Za-z0-9_-]{19,}'],
  ['Buildkite', 'bkua_', '[0-9a-f]{40}'],
  ['CircleCI', 'CCIP', '(?:AT|RJ)_[A-Za-z0-9]{22}_[0-9a-f]{40}'],
  ['Harness', 'pat.', '[A-Za-z0-9_-]{22}\\.[0-9a-fA-F]{24}\\.[A-Za-z0-9]{20}'],
  ['Infracost', 'ico-', '[A-Za-z0-9]{32}'],
  ['Prefect', 'pnu_', '[A-Za-z0-9]{36}'],
  ['Tailscale', 'tskey-', '[a-z]{2,10}-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}'],
  ['1Password', 'ops_eyJ', '[A-Za-z0-9+/_-]{200,}={0,3}'],
  ['1Password', 'A3-', '[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}'],
  ['Zuplo', 'zpka_', '[A-Za-z0-9]{20,}_[0-9a-z]{8}'],
];

const SOURCES: readonly Prefixed[] = [
  ['Sourcegraph', 'sgp_', '(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}'],
  ['SonarQube', 'squ_', '[0-9a-f]{40}'],
  ['SonarQube', 'sqp_', '[0-9a-f]{40}'],
  ['Clojars', 'CLOJARS_', '[A-Za-z0-9]{60}'],
  ['NuGet', 'oy2', '[a-z0-9]{43}'],
  ['crates.io', 'cio', '[A-Za-z0-9]{32}'],
  ['JFrog', 'cmVmdGtu', '[A-Za-z0-9]{56}'],
];

const STORES: readonly Prefixed[] = [
  ['PlanetScale', 'pscale_', '(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{30,}'],
  ['Supabase', 'sbp_', '(?:oauth_)?[0-9a-f]{40}'],
  ['Supabase', 'sb_secret_', '[A-Za-z0-9_-]{20,}'],
  ['Neon', 'napi_', '[A-Za-z0-9]{40,}'],
  ['Pinecone', 'pcsk_', '[A-Za-z0-9_]{30,}'],
  ['Elastic', 'essu_', '[A-Za-z0-9+/]{40,}={0,2}'],
  ['Confluent', 'cflt', '[A-Za-z0-9+/]{60}'],
  ['MongoDB Atlas', 'mdb_sa_sk_', '[A-Za-z0-9_-]{40}'],
  ['DataStax', 'AstraCS:', '[A-Za-z0-9]{20,}:[0-9a-f]{64}'],
  ['Dropbox', 'sl.', '(?:u\\.|B)?[A-Za-z0-9_-]{60,}'],
  ['Apify', 'apify_api_', '[A-Za-z0-9]{34,}'],
  ['Mapbox', 'sk.eyJ', '[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{20,}'],
  ['Adafruit', 'aio_', '[A-Za-z0-9]{28}'],
];

const PRODUCTS: readonly Prefixed[] = [
  ['Instagram', 'IGQV', '[A-Za-z0-9_-]{60,}'],
  ['Yandex', 'y0_', '[A-Za-z0-9_-]{40,}'],
  ['Yandex', 't1.', '[A-Za-z0-9_-]{40,}(?:\\.[A-Za-z0-9_-]{40,})?'],
  ['Infisical', 'st.', '[0-9a-f-]{20,36}\\.[0-9a-f]{32}\\.[0-9a-f]{32}'],
  ['Honeycomb', 'hcaik_', '[a-z0-9]{40,}'],
  ['Honeycomb', 'hcxik_', '[a-z0-9]{40,}'],
  ['Twitter', 'AAAAAAAAAAAAAAAAAAAAA', '[A-Za-z0-9%]{50,}'],
  ['Notion', 'ntn_', '[A-Za-z0-9]{40,}'],
  ['Notion', 'secret_', '[A-Za-z0-9]{43}'],
  ['Statsig', 'secret-', '(?=[A-Za-z]*\\d)[A-Za-z0-9]{40,}'],
  ['Figma', 'figd_', '[A-Za-z0-9_-]{38,}'],
  ['ReadMe', 'rdme_', '[a-z0-9]{70}'],
  ['Duffel', 'duffel_', '(?:live|test)_[A-Za-z0-9_=-]{40,}'],
  ['Frame.io', 'fio-u-', '[A-Za-z0-9_=-]{60,}'],
  ['Typeform', 'tfp_', '[A-Za-z0-9_.=-]{50,}'],
  ['Contentful', 'CFPAT-', '[A-Za-z0-9_-]{40,}'],
  ['HubSpot', 'pat-', `(?:na|eu|ap)\\d-${UUID}`],
  ['Intra42', 's-s4t2', '(?:ud|af)-[0-9a-f]{64}'],
  ['Adobe', 'p8e-', '[a-zA-Z0-9]{32}'],
  ['Trello', 'ATTA', '[0-9a-f]{64}[A-Za-z0-9]{0,12}'],
  ['Cursor', 'key_', '[0-9a-f]{64}'],
  ['Cursor', 'crsr_', '[0-9a-f]{64}'],
  ['LaunchDarkly', 'sdk-', UUID],
  ['LaunchDarkly', 'mob-', UUID],
  ['Settlemint', 'sm_pat_', '[A-Za-z0-9]{16,}'],
  ['PostHog', 'phx_', '[A-Za-z0-9_]{40,}'],
  ['Axiom', 'xaat-', UUID],
  ['Stytch', 'secret-', 'live-[A-Za-z0-9_-]{36}=?'],
  ['ClickUp', 'pk_', '\\d{6,10}_[A-Z0-9]{32}'],
  ['Okta', 'SSWS 00', '[A-Za-z0-9_-]{40}'],
  ['Facebook', 'EAA', '[A-Z][A-Za-z0-9]{80,}'],
  ['Matrix', 'syt_', '[A-Za-z0-9+/=]{1,128}_[A-Za-z0-9]{20}_[A-Za-z0-9]{6}'],
];

const MONEY_AND_MAIL: readonly Prefixed[] = [
  ['Bitcoin', 'xprv', '[1-9A-HJ-NP-Za-km-z]{100,}'],
  ['EasyPost', 'EZAK', '[A-Za-z0-9]{54}'],
  ['EasyPost', 'EZTK', '[A-Za-z0-9]{54}'],
  ['Shippo', 'shippo_', '(?:live|test)_[0-9a-fA-F]{40}'],
  ['Flutterwave', 'FLWSECK', '[A-Z_-]{1,6}[A-Za-z0-9]{12,}(?:-X)?'],
  ['Razorpay', 'rzp_', '(?:live|test)_[A-Za-z0-9]{14,}'],
  ['Plaid', 'access-production-', UUID],
  ['Plaid', 'access-sandbox-', UUID],
  ['Resend', 're_', '(?:[A-Za-z0-9]{8}_[A-Za-z0-9]{24}|(?=[A-Za-z_]*\\d)[A-Za-z0-9_]{32,})'],
  ['Mollie and others', 'live_', '(?<!pk_live_)(?=[A-Za-z]*\\d)[A-Za-z0-9]{24,}'],
];

const MODELS: readonly Prefixed[] = [
  ['Jina', 'jina_', '[A-Za-z0-9_-]{50,}'],
  ['LangSmith', 'lsv2_', '(?:pt|sk)_[A-Za-z0-9_]{32,}'],
  ['Fireworks', 'fw_', '(?=[A-Za-z]*\\d)[A-Za-z0-9]{22,}'],
  ['Tavily', 'tvly-', '[A-Za-z0-9_-]{28,}'],
  ['ElevenLabs', 'sk_', '[0-9a-f]{48}'],
  ['Clerk', 'sk_prod_', '[A-Za-z0-9_-]{24,}'],
];

const SHAPES = [...BUILDS_AND_HOSTS, ...SOURCES, ...STORES, ...PRODUCTS, ...MONEY_AND_MAIL, ...MODELS];

/** Tokens of further vendors, each told by its prefix alone. */
export const furtherTokens: readonly Detector[] = SHAPES.map(([, prefix, rest]) => {
  const pattern = new RegExp(`${TOKEN_START}${prefix.replaceAll('.', '\\.')}${rest}${TOKEN_END}`, 'g');
  const mark = hidden('vendor-token');
  return { keywords: keywordsOf(prefix), redact: (text) => text.replace(pattern, (token) => (isFilled(token) ? token : mark)) };
});

/** What is short, or begins like a word of any language, counts only where a token can begin. */
function keywordsOf(prefix: string): readonly Literal[] {
  return prefix.length < 4 || /^[a-z]{3,4}[._-]$/.test(prefix) ? opening(prefix) : exact(prefix);
}
