/** `user:password@registry.example.com/app`: no image can be named so, yet people try. A digest's `@sha256:` has no host behind it. */
const CREDENTIALS = /(?<![\w.:/@-])([\w.-]{1,64}):([^\s:@/"'`]{1,256})@(?=[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}(?::\d{1,5})?\/)/g;

/** A text without the passwords that stand in names of images. */
export function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(CREDENTIALS, '$1:[redacted:url-password]@') : text;
}
