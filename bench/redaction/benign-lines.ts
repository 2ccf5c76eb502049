import { Chance } from '../harness/chance.ts';
import { SPEAKERS } from '../logs/speakers.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const START = Date.UTC(2026, 10, 21, 14);

/** Lines without a secret, each drawn anew: what services write all day, and what looks like a secret at a glance. */
export function benignLines(count: number): readonly string[] {
  const chance = new Chance(7);
  const lines: string[] = [];
  while (lines.length < count) {
    if (chance.below(2) === 0) lines.push(chance.pick(LOOK_ALIKES)(chance));
    else {
      const { lines: said } = chance.pick(SPEAKERS)(chance, new Date(START + lines.length * 10));
      lines.push(...said.filter((line) => !line.includes('Bearer')));
    }
  }
  return lines.slice(0, count);
}

const digits = (chance: Chance, length: number) => Array.from({ length }, () => chance.below(10)).join('');
const base64 = (chance: Chance, length: number) => Array.from({ length }, () => BASE64[chance.below(64)]).join('');
const alphanumeric = (chance: Chance, length: number) => base64(chance, length).replaceAll('+', 'a').replaceAll('/', '7');
const uuid = (chance: Chance) => chance.hex(16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const pod = (chance: Chance) =>
  `${chance.pick(['token-service', 'secret-sync', 'checkout', 'auth-gateway'])}-${chance.hex(5).slice(0, 9)}-${chance.hex(3).slice(0, 5)}`;

/** With the check digit that a card's number would have. */
function luhnValid(chance: Chance, start: string, length: number): string {
  const body = start + digits(chance, length - start.length - 1);
  const sum = [...body].reduce((all, digit, index) => {
    const weighted = Number(digit) * ((length - index) % 2 === 0 ? 2 : 1);
    return all + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const LOOK_ALIKES: readonly ((chance: Chance) => string)[] = [
  (c) => `request ${uuid(c)} finished in ${c.below(900)} ms`,
  (c) => `{"level":"info","trace_id":"${c.hex(16)}","span_id":"${c.hex(8)}","msg":"handled"}`,
  (c) => `commit ${c.hex(20)} merged into main`,
  (c) => `Successfully pulled image "registry.example.com/shop/api@sha256:${c.hex(32)}" in ${c.below(9000)}ms`,
  (c) => `Digest: sha256:${c.hex(32)}`,
  (c) => `<img src="data:image/png;base64,iVBORw0KGgo${base64(c, 60 + c.below(80))}=">`,
  (c) => `{"order_id":"${digits(c, 16)}","amount":${c.below(900)}.50,"currency":"EUR"}`,
  (c) => `order ${digits(c, 13)} shipped, tracking number ${digits(c, 18)}`,
  (c) => `ts=${1_790_000_000_000 + c.below(1_000_000_000)} seq=${digits(c, 16)} level=info`,
  (c) => `start_time_unix_nano=17${digits(c, 17)} duration=${c.below(90)}ms`,
  (c) => `password=${'*'.repeat(3 + c.below(9))} user=app${c.below(99)}`,
  (c) => `{"user":"u${c.below(999)}","token":null,"password":"[FILTERED]","attempt":${c.below(9)}}`,
  (c) => `secretName=${pod(c)} secretKeyRef=db-credentials`,
  (c) => `mounted secret "${pod(c)}" at /var/run/secrets/kubernetes.io/serviceaccount`,
  (c) => `tokenizer loaded ${c.below(90_000)} tokens, max_tokens=${c.below(9000)}, tokens: ${c.below(900)}`,
  (c) => `{"prompt_tokens":${c.below(9000)},"completion_tokens":${c.below(900)},"token_count":${c.below(99_999)}}`,
  (c) => `pod/${pod(c)} condition met`,
  (c) => `reconciling Secret default/${pod(c)} resourceVersion=${digits(c, 8)}`,
  (c) => `GET /oauth/token?grant_type=client_credentials HTTP/1.1 ${c.pick(['200', '401'])} ${c.below(900)}`,
  (c) => `invalid token at position ${c.below(900)}: unexpected "${c.pick(['}', ']', ','])}"`,
  (c) => `next_page_token=${c.below(900)} page_size=100`,
  (c) => `partition key=${uuid(c)} sort_key=${c.below(99_999)} primary key: id`,
  (c) => `cache key: user:${c.below(99_999)}:profile hit=${c.pick(['true', 'false'])}`,
  (c) => `public key fingerprint SHA256:${base64(c, 43)}`,
  (c) => `etag="${c.hex(16)}" content-length=${digits(c, 6)} x-request-id=${c.hex(16)}`,
  (c) => `peer ${c.hex(20)}@10.0.${c.below(255)}.${c.below(255)}:26656 connected`,
  (c) => `mail to user${c.below(999)}@example.com queued as ${c.hex(5).toUpperCase()}`,
  (c) => `http://api.shop:8080/items/${c.below(999)}?ref=a@b took ${c.below(90)}ms`,
  (c) => `bearer authentication required for /v${c.below(3)}/items`,
  (c) => `Cookie policy version ${c.below(20)} accepted, cookies: enabled`,
  (c) => `api_key is missing, access_key: required, attempt ${c.below(9)}`,
  (c) => `s3://bucket-${c.below(99)}/backups/${c.hex(16)}/part-0000${c.below(9)}.parquet written`,
  (c) =>
    `I1121 14:00:00.${digits(c, 6)}       1 token_controller.go:${c.below(900)}] Rotated token of serviceaccount default/${pod(c)}`,
  (c) => `dd.trace_id=${digits(c, 19)} dd.span_id=${digits(c, 18)}`,
  (c) => `message_id=${c.hex(12)} offset=${digits(c, 14)} lsn=${c.hex(4).toUpperCase()}/${c.hex(4).toUpperCase()}`,
  (c) =>
    `{"auth":"${c.pick(['none', 'oauth2', 'basic', 'service-account-2'])}","pass":"${c.pick(['yes', 'true', 'ok'])}","tests":${c.below(900)}}`,
  (c) =>
    `password is ${c.pick(['required', 'base64-encoded', 'too short', 'expired since 2026-11-20', 'at least 12 characters'])} for user${c.below(999)}`,
  (c) => `password was changed for user${c.below(999)} at 2026-11-21T14:00:00Z`,
  (c) => `run --password-file /etc/creds/p${c.below(9)} --token-ttl ${c.below(90)}s --secret-name db-${c.below(9)}`,
  (c) => `Luhn-valid order ${luhnValid(c, c.pick(['1', '7', '8', '9', '0']), 16)} of account ${digits(c, 10)} packed`,
  (c) => `{"invoice":"${luhnValid(c, '9', 16)}","customer":${digits(c, 9)},"ts":${digits(c, 13)}}`,
  (c) => `job ${c.pick(['backup', 'import'])}-${digits(c, 10)} finished, sha1 ${c.hex(20)}, md5 ${c.hex(16)}`,
  (c) => `evt_${alphanumeric(c, 24)} of type charge.succeeded for cus_${alphanumeric(c, 14)} handled`,
  (c) => `{"x_request_id":"req_${alphanumeric(c, 14)}","object_key":"exports/${uuid(c)}.csv","etag":"${c.hex(16)}"}`,
  (c) => `Pulled helm chart app-${c.below(9)}.${c.below(99)}.${c.below(99)}@sha256:${c.hex(32)}`,
  (c) => `idempotency_key=${uuid(c)} routing_key=orders.created partition_key=${c.below(99)}`,
  (c) => `kid=${base64(c, 27)} alg=RS256 keys loaded: ${c.below(9)}, key_id=${uuid(c)}`,
  (c) => `2026-11-21 14:00:00 ${digits(c, 4)} ${digits(c, 4)} ${digits(c, 4)} rows in ${c.below(99)} tables`,
  (c) => `AccessKey not found for user${c.below(99)}, api key: missing; apiKey is null, api_key=<nil>, key=${c.below(9999)}`,
  (c) => `authorization: denied by policy pol-${c.below(999)} for role admin${c.below(9)}`,
  (c) => `Authorization header missing, expected "Bearer <token>" in request ${uuid(c)}`,
  (c) =>
    `token bucket refilled: tokens=${c.below(999)}.${c.below(99)} token_limit=${c.below(9999)} tokens_per_second=${c.below(99)}`,
  (c) => `cookie consent ${c.below(9)}: cookies=necessary,statistics cookie_policy=v${c.below(9)}`,
  (c) => `credentials for registry.example.com loaded from /root/.docker/config.json in ${c.below(90)}ms`,
  (c) => `secret_${c.pick(['rotation', 'engine', 'backend'])} enabled=true secrets=${c.below(90)} secret/${pod(c)} unchanged`,
  (c) => `lease ${uuid(c)} renewed by node-${c.below(99)}, generation ${digits(c, 13)}`,
  (c) => `GET /v1/users/${digits(c, 16)}/sessions?page_token=${c.below(99)} 200 ${c.below(99)}ms`,
  (c) => `phone +1 ${digits(c, 3)}-${digits(c, 3)}-${digits(c, 4)} verified, ean ${digits(c, 13)}, imei ${digits(c, 15)}`,
  (c) => `compressed ${digits(c, 14)} bytes to ${digits(c, 12)} in ${c.below(99)} s, crc ${c.hex(4)}`,
  (c) => `iban check passed for country DE, ${digits(c, 4)} transactions, phone +49 30 ${digits(c, 7)}`,
];
