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
const uuid = (chance: Chance) => chance.hex(16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const pod = (chance: Chance) =>
  `${chance.pick(['token-service', 'secret-sync', 'checkout', 'auth-gateway'])}-${chance.hex(5).slice(0, 9)}-${chance.hex(3).slice(0, 5)}`;

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
  (c) => `iban check passed for country DE, ${digits(c, 4)} transactions, phone +49 30 ${digits(c, 7)}`,
];
