import type { Literal } from '../literal-scan.ts';
import { type Detector, exact, folded, hidden, opening, TOKEN_END, TOKEN_START } from './detector.ts';

const HEX = [...'0123456789abcdef'];
const GITLAB = ['pat', 'dt', 'ptt', 'cbt', 'ft', 'rt', 'imt', 'agent', 'oas', 'soat', 'ffct'];
const DIGITS = [...'0123456789'];

/** Kind, keywords, and the shape of the token; a shape of open length takes all that can belong to it. */
type Shape = readonly [kind: string, keywords: readonly Literal[], shape: string];

const SOURCE_HOSTS: readonly Shape[] = [
  ['github-token', exact('ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'), '(gh[pousr]_[A-Za-z0-9_]{36,})'],
  ['github-token', exact('github_pat_'), '(github_pat_[A-Za-z0-9_]{22,})'],
  [
    'gitlab-token',
    [{ text: 'gl', folded: false, behind: GITLAB.map((kind) => `${kind}-`) }, ...exact('GR1348941')],
    `((?:gl(?:${GITLAB.join('|')})-|GR1348941)[A-Za-z0-9_=-]{20,}(?:\\.[0-9a-z]{2,12}){0,3})`,
  ],
  ['atlassian-token', exact('ATATT3', 'ATCTT3', 'ATBB'), '((?:AT[AC]TT3[A-Za-z0-9_=.-]{60,}|ATBB[A-Za-z0-9_=.-]{24,}))'],
  ['npm-token', exact('npm_'), `(npm_[A-Za-z0-9]{36,})`],
  ['pypi-token', exact('pypi-A'), '(pypi-A[A-Za-z0-9_-]{50,})'],
  ['rubygems-token', exact('rubygems_'), '(rubygems_[0-9a-f]{48})'],
  ['docker-token', exact('dckr_pat_', 'dckr_oat_'), '(dckr_[po]at_[A-Za-z0-9_-]{20,})'],
  ['linear-token', exact('lin_api_'), '(lin_api_[A-Za-z0-9]{32,})'],
  ['postman-token', exact('PMAK-'), '(PMAK-[0-9a-fA-F]{24}-[0-9a-fA-F]{34})'],
];

const CHAT: readonly Shape[] = [
  ['slack-token', exact('xox'), '(xox[a-eo-s](?:\\.xox[bp])?-[A-Za-z0-9%+/=-]{10,})'],
  ['slack-token', exact('xapp-'), '(xapp-\\d-[A-Za-z0-9-]{20,})'],
  [
    'slack-webhook',
    exact('hooks.slack'),
    '(?<=hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/)([A-Za-z0-9+/_-]{20,})',
  ],
  ['discord-webhook', exact('webhooks/'), '(?<=/api/webhooks/\\d{15,21}/)([A-Za-z0-9_-]{40,})'],
  ['teams-webhook', exact('webhookb2/'), '(?<=\\.office\\.com/webhook(?:b2)?/)([A-Za-z0-9@/_-]{40,})'],
  [
    'discord-token',
    [...folded('discord'), { text: 'Bot ', folded: false, before: ' "\'' }],
    `([MNO][A-Za-z0-9_-]{23,28}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,40})${TOKEN_END}`,
  ],
  ['telegram-token', [{ text: ':AA', folded: false, before: '0123456789' }], `(\\d{8,10}:AA[A-Za-z0-9_-]{32,34})${TOKEN_END}`],
];

const MAIL_AND_SHOPS: readonly Shape[] = [
  ['firebase-key', exact(':APA91b'), '(AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100,})'],
  ['sendgrid-key', opening('SG.'), `(SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64})${TOKEN_END}`],
  [
    'twilio-key',
    [{ text: 'SK', folded: false, opens: true, behind: HEX.flatMap((first) => HEX.map((second) => `${first}${second}`)) }],
    `(SK[0-9a-f]{32})${TOKEN_END}`,
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

const OPERATIONS: readonly Shape[] = [
  ['digitalocean-token', exact('dop_v1_', 'doo_v1_', 'dor_v1_'), '(do[opr]_v1_[0-9a-f]{64})'],
  ['heroku-key', exact('HRKU-'), '(HRKU-[A-Za-z0-9_-]{36,})'],
  [
    'heroku-key',
    folded('heroku'),
    `(?<=[Hh][Ee][Rr][Oo][Kk][Uu][A-Za-z_ -]{0,24}\\\\?["']?\\s{0,4}[:=]?\\s{0,4}\\\\?["']?)([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})${TOKEN_END}`,
  ],
  ['newrelic-key', exact('NRAK-', 'NRII-', 'NRIQ-', 'NRRA-', 'NRJS-', 'NRAA-'), '(NR(?:AK|II|IQ|RA|JS|AA)-[A-Za-z0-9_-]{19,})'],
  ['newrelic-key', exact('NRAL'), `([0-9A-Za-z]{36}NRAL)${TOKEN_END}`],
  ['sentry-token', exact('sntry'), '(sntry[su]_[A-Za-z0-9+/=_-]{40,})'],
  ['vault-token', exact('hvs.', 'hvb.', 'hvr.'), '(hv[sbr]\\.[A-Za-z0-9_-]{24,})'],
  ['vault-token', folded('vault'), `([sbr]\\.[A-Za-z0-9]{24})${TOKEN_END}`],
  ['terraform-token', exact('.atlasv1.'), '([A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,})'],
  [
    'doppler-token',
    exact('dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'),
    '(dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{40,})',
  ],
  ['databricks-token', exact('dapi'), `(dapi[0-9a-f]{32}(?:-\\d)?)${TOKEN_END}`],
  ['grafana-token', exact('glsa_', 'glc_'), '(gl(?:sa|c)_[A-Za-z0-9+/_=]{32,})'],
  ['dynatrace-token', exact('dt0c01.', 'dt0s16.'), '(dt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64})'],
  ['pulumi-token', exact('pul-'), `(pul-[0-9a-f]{40})${TOKEN_END}`],
  ['artifactory-token', exact('AKCp'), `(AKCp[A-Za-z0-9]{60,})`],
  ['join-token', exact('SWMTKN-1-'), '(SWMTKN-1-[0-9a-z]{40,}-[0-9a-z]{20,})'],
];

const MODELS: readonly Shape[] = [
  ['anthropic-key', exact('sk-ant-'), '(sk-ant-[A-Za-z0-9_-]{20,})'],
  ['openai-key', exact('sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-'), '(sk-(?:proj|svcacct|admin|or)-[A-Za-z0-9_-]{20,})'],
  ['openai-key', opening('sk-'), `(sk-(?=[A-Za-z0-9_-]{0,64}\\d)[A-Za-z0-9]{20,}[A-Za-z0-9_-]*)`],
  ['huggingface-token', opening('hf_'), '(hf_[A-Za-z0-9]{30,})'],
  ['huggingface-token', exact('api_org_'), '(api_org_[A-Za-z0-9]{34})'],
  ['replicate-token', opening('r8_'), '(r8_[A-Za-z0-9]{37,})'],
  ['groq-key', exact('gsk_'), '(gsk_[A-Za-z0-9]{40,})'],
  ['xai-key', exact('xai-'), '(xai-[A-Za-z0-9_]{60,})'],
  ['perplexity-key', exact('pplx-'), '(pplx-[A-Za-z0-9]{40,})'],
  ['nvidia-key', exact('nvapi-'), '(nvapi-[A-Za-z0-9_-]{40,})'],
];

/** Tokens that say by their shape whose they are. */
export const vendorTokens: readonly Detector[] = [...SOURCE_HOSTS, ...CHAT, ...MAIL_AND_SHOPS, ...OPERATIONS, ...MODELS].map(
  ([kind, keywords, shape]) => {
    const pattern = new RegExp(`${TOKEN_START}${shape}`, 'g');
    const mark = hidden(kind);
    return { keywords, redact: (text) => text.replace(pattern, mark) };
  },
);
