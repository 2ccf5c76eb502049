import { exact, folded, TOKEN_END } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

/** Of what runs and watches programs, and of vaults. */
export const operations: readonly VendorShape[] = [
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
  ['ceph-key', exact('key = AQ', 'key: AQ'), '(?<=key ?[=:] )(AQ[A-Za-z0-9+/]{36}==)'],
  ['join-token', exact('::server:'), '(K10[0-9a-f]{64}::server:[0-9a-f]{16,64})'],
  ['join-token', exact('SWMTKN-1-'), '(SWMTKN-1-[0-9a-z]{40,}-[0-9a-z]{20,})'],
];
