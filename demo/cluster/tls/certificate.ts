import { readFileSync } from 'node:fs';

/** What the simulated API server shows to its clients, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * The committed pair for `localhost`, `127.0.0.1` and `::1`, valid from 2020 to 2120. Node can make keys but not sign certificates, and neither the
 * demo nor the tests may need openssl, so it was made once: `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes`, then
 * `openssl ca -selfsign -startdate 20200101000000Z -enddate 21200101000000Z` with those names as subjectAltName and CA:TRUE.
 * The key is public: it protects nothing and is trusted by nobody but a kubeconfig that the simulated cluster wrote itself.
 */
export function loadCertificate(): Certificate {
  return {
    cert: readFileSync(new URL('./server.crt', import.meta.url), 'utf8'),
    key: readFileSync(new URL('./server.key', import.meta.url), 'utf8'),
  };
}
