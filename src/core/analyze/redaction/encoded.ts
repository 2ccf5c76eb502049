import { assigned, type Detector, exact, folded, hidden, TOKEN_START } from './detector.ts';

/** So many characters of base64 tell what it is of. */
const HEAD = 96;
const BASE64 = String.raw`[A-Za-z0-9+/_-]{32,}(?:\\n[A-Za-z0-9+/_-]{16,}|%2[BF]|%3D)*={0,2}`;
/** `-----BEGIN `; a certificate begins alike. */
const PEM = new RegExp(`${TOKEN_START}LS0tLS1CRUdJTi${BASE64}`, 'g');
/** `{"auths":` of Docker, the key of Google's service accounts, the key of Grafana's API. */
const JSON_SECRET = new RegExp(
  `${TOKEN_START}(?:eyJhdXRocyI|eyJ0eXBlI|eyJrIjoi|ewogICJ0eXBlI|ewogICAgInR5cGUi|ewogICJhdXRocyI|ewoJImF1dGhzI)${BASE64}`,
  'g',
);
const DOCKER_CONFIG = /(dockerc(?:onfigjson|fg)\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?)([A-Za-z0-9+/]{16,}={0,2})/g;
/** All values of a Secret that is shown whole. */
const SECRET_OBJECT = /\\{0,3}"kind\\{0,3}"\s{0,2}:\s{0,2}\\{0,3}"Secret\\{0,3}"/;
const SECRET_DATA = /(\\{0,3}"(?:data|stringData)\\{0,3}"\s{0,2}:\s{0,2}\{)([^{}]{1,65536})(?=\})/g;
const DATA_VALUE = /(:\s{0,4}\\{0,3}")((?:[^"\\]|\\[nrt])+)/g;

/** Secrets in base64, told by what they begin with, and the data of Kubernetes' Secrets. */
export const encodedSecrets: readonly Detector[] = [
  {
    keywords: exact('LS0tLS1CRUdJTi'),
    redact: (text) => text.replace(PEM, (whole) => (/PRIVATE KEY/.test(decoded(whole)) ? hidden('private-key') : whole)),
  },
  {
    keywords: exact('JhdXRocyI', 'J0eXBlI', 'InR5cGUi', 'ImF1dGhzI', 'eyJrIjoi'),
    redact: (text) =>
      text.replace(JSON_SECRET, (whole) =>
        /"auths"|"service_account"|"external_account"|"authorized_user"|^\{"k":"\w+","n":/.test(decoded(whole))
          ? hidden('secret')
          : whole,
      ),
  },
  {
    keywords: folded('dockerc'),
    redact: (text) => text.replace(DOCKER_CONFIG, `$1${hidden('secret')}`),
  },
  {
    keywords: assigned('secret'),
    redact: (text) =>
      SECRET_OBJECT.test(text)
        ? text.replace(SECRET_DATA, (_, before: string, data: string) => before + data.replace(DATA_VALUE, replaceData))
        : text,
  },
];

function replaceData(whole: string, before: string, value: string): string {
  return value.includes('[redacted:') ? whole : before + hidden('secret');
}

function decoded(base64: string): string {
  return Buffer.from(base64.slice(0, HEAD), 'base64').toString('latin1');
}
