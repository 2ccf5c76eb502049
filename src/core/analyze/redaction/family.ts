import type { Detector } from './detector.ts';

/** Keys whose values are secrets of one kind. */
export interface Family {
  readonly kind: string;
  readonly keywords: Detector['keywords'];
  /** The end of the key, without groups. */
  readonly names: string;
  /** Keys that end alike and hold no secret. */
  readonly notBehind?: RegExp;
  readonly isSecret: (value: string, isBare: boolean, name?: string) => boolean;
  /** Set where only names of this case count. */
  readonly isExactCase?: true;
  /** Set where a short number is a secret, too. */
  readonly hasNumbers?: true;
  /** Set where names have other letters than those of ASCII. */
  readonly byCharacter?: true;
}
