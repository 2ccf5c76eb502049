import type { Literal } from '../../literal-scan.ts';

/** Kind, keywords, and the shape of the token; a shape of open length takes all that can belong to it. */
export type VendorShape = readonly [kind: string, keywords: readonly Literal[], shape: string];
