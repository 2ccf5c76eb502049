import { exact } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

const GITLAB = ['pat', 'dt', 'ptt', 'cbt', 'ft', 'rt', 'imt', 'agent', 'oas', 'soat', 'ffct'];

/** Of hosts of sources and registries of packages and images. */
export const sourceHosts: readonly VendorShape[] = [
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
  ['linear-token', [{ text: 'lin_', folded: false, behind: ['api_', 'oauth_'] }], '(lin_(?:api|oauth)_[A-Za-z0-9]{32,})'],
  ['postman-token', exact('PMAK-'), '(PMAK-[0-9a-fA-F]{24}-[0-9a-fA-F]{34})'],
];
