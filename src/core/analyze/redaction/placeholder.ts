/** Masks, as bytes of UTF-8 too: a bullet, an ellipsis. */
const MASK =
  /^(?:(?:[*•#…●■█▒∗＊]|\u00e2\u0080[\u00a2\u00a6]|\u00e2\u0096[\u0088-\u00a0]|\u00e2\u0097\u008f|\u00e2\u0088\u0097|\u00ef\u00bc\u008a)+|[xX]{3,}|[._-]+|\?{2,}|[xX]+(?:-[xX]+)+)$|\*{3}|…|\u00e2\u0080\u00a6/;
/** What a shell, a template or a format puts a value in for. */
const VARIABLE =
  /^(?:\$(?:[A-Z_][A-Z0-9_]*|[A-Za-z_]+(?:-|(?:->|::|\[|\{).*)?|env:.*|[{(<].*)|%(?:[A-Za-z_][A-Za-z0-9_]*%|[-+#]?[sdvqx]|[({].*)|[<{[(].*|\.\.\..*|@[A-Za-z_]*\d?|&[A-Za-z_]*|:[a-z_]+|\?)$/;
/** What a manual says in place of a value. */
const EXAMPLE =
  /^(?:your[_-]?\S*|my[_-](?:secret|password|token|api)\S*|insert\S*|changeit|replace[_-]?(?:me|this|with)?\S*|placeholder\S*|REDACTED\S*)$/i;
const EXAMPLE_NAME = /^(?:[A-Z]+_)*(?:TOKEN|KEY|PASSWORD|PASSWD|PASS|SECRET|CREDENTIALS?)(?:_HERE)?$/;
/** Where a value is kept, in place of it: vaults, parameters, files, the environment. */
const REFERENCE =
  /^(?:arn:aws|op:\/\/|@Microsoft\.KeyVault|ref\+|(?:vault|secret|secrets|ssm|sops|keyvault|gcpsm|awssm|aws-sm|gcp-sm|akv|env|file|kms|bao|doppler|infisical|bws|keepass|pass|consul)(?::\/\/|:(?=[\w.-]{1,64}\/)|\+)|(?:secrets?|kv)(?:\/[\w.-]{1,64}){2,8}(?:#[\w.-]{1,64})?$|projects\/[\w-]{1,64}\/secrets\/|!(?:vault|Ref|Sub|ImportValue|GetAtt)|ENV\b|Rails\.|\{\{|(?:hmac|sha)-?\d{0,1}-?(?:sha)?\d{3}:|ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-|SHA256:|MD5:)/;
const COLOURS = /\x1b\[[\d;]{0,12}m/g;
/** What a type prints of a value that it hides, and masks that a URL has escaped. */
const HIDDEN =
  /\[(?:REDACTED|FILTERED|HIDDEN|MASKED|SECRET|REMOVED)|<(?:redacted|hidden|masked)|(?:%2[Aa]){3}|^-{2,}\s?\w+\s?-{2,}$/;
/** The same between signs of any kind: `__REDACTED__`, `**hidden**`. */
const MARKED_WORD = /^[^A-Za-z0-9]{1,4}([A-Za-z][A-Za-z _-]{2,40}?)[^A-Za-z0-9]{1,4}$/;
const HIDING =
  /^(?:(?:redact|filter|mask|remov|omit|scrub|saniti[sz]|censor|obfuscat|suppress)\w*|hidden|stripped|secret|sensitive|protected|private|encrypted|unset|empty|none|null|not?[ _-].*)(?:[ _-].*)?$/i;
/** What a deployment fills in: `@@DB_PASSWORD@@`, `__TOKEN__`, `#{Password}`. */
const FILLED_IN = /^(__|@@?|##|%%|\$\$|~~)[A-Za-z][\w.-]{1,80}\1$|^[#!$]\{/;
/** The name of a constant of three words and more. */
const CONSTANT = /^[A-Z]+(?:_[A-Z]+){2,}$/;
/** What a program reads a value from. */
const CODE =
  /^(?:os|process|env|environ|self|this|config|cfg|conf|settings|options|opts|args|params|props|req|request|body|user|kwargs|ctx|var|local|module|data\.[a-z_]+|each|secrets|values|getpass|viper|flags?)\.[A-Za-z_][\w.]*(?:[[(].*)?$|^[A-Za-z_][A-Za-z_.]*\((?:["'\w.]*\)|["']?(?:[a-z][a-z0-9_.]*(?:[A-Z][a-z]+)*|[A-Z][A-Z0-9_]*))?$/;
/** A call, an element or a type: the name, what opens, and what follows. */
const CALL = /^([A-Za-z_][\w.:>-]{2,80}?)([([])(.{0,256})$/;
/** A name of words and numbers. */
const IDENTIFIER = /^_{0,2}[A-Za-z][a-z]*(?:[A-Z_][a-z]*){0,8}\d{0,3}(?:[A-Z_][a-z]*){0,3}$/;
/** A name that ends in what is assigned to. */
const NAMED = /(?:pass(?:word|wd|phrase)?|secret|token|key)(?:_(?:ptr|hash|info|str|bytes|value))?$/i;
/** Words that stand where a secret would, and say that it is not there. */
const NO_SECRET = new Set(
  `true false null nil none undefined empty yes no on off missing required invalid incorrect wrong expired set unset not is are was has must
  should cannot can could will may for to of in the and or with by from too field value values string text varchar char bool boolean int
  number object array hidden masked redacted filtered removed secret password passwd token omitted protected encrypted sensitive example
  changed updated reset ok failed failure success error unknown n/a na please does did mismatch authentication auth login only realm scheme bytes str any split
  latin1 utf-8 utf8 ascii enabled disabled enable disable valid present absent loaded unchanged provided default stored configured unused optional
  mandatory found skipped pending`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
/** Algorithms and sizes of keys. */
const ALGORITHM =
  /^(?:(?:rsa|dsa|ecdsa|aes|sha|hmac)[_-]?(?:with)?\d{1,4}(?:[_-][a-z0-9]{2,6})?|[hrep]s(?:256|384|512)|(?:sha\d{1,3}|md\d)with\w{2,8}|pbkdf2\w{0,24}|argon2\w{0,2}|[bs]crypt|kerberos\d?|oauth\d?|saml\d?|scram-sha-\d{1,3}|[ex]d?25519|md5)$/i;
/** What says of itself what it is: a time, a duration, a size, a version, a class, an image, a file, a URL without a password. */
const PLAIN = [
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.{0,24})?$/,
  /^\d+(?:\.\d+)?(?:[mun\u00b5]?s|min|sec|[hd]|[KMGT]i?B?|bytes)$/,
  /^(?:tls)?v?\d{1,4}\.\d{1,4}(?:\.\d{1,6}){0,2}(?:[-+.][a-z]{1,10}[\w.-]{0,24})?$/i,
  /^(?:[a-z][a-z0-9_]*\.){2,8}[A-Z][A-Za-z]+$/,
  /^[A-Z][A-Za-z]+(?:Exception|Error)$/,
  /^(?:string|int|float|bool)\(\w{0,5}\)?$/,
  /^[a-z0-9.-]+\.[a-z]{2,}(?::\d{2,5})?(?:\/[a-z0-9._-]+){1,6}:[\w.-]+$/,
  /^[\w.-]+\.(?:ya?ml|json|pem|crt|cer|key|p12|pfx|jks|txt|log|conf|cfg|ini|env|properties|xml|toml|csv|sh|py|js|ts|go|java|rb|php)$/,
  /^[a-z][a-z0-9+.-]*:\/\/[^@]*$/i,
];
/** Words of sentences about a secret that pass phrases hardly have. */
const ABOUT = new Set(
  `must should cannot required require requires invalid incorrect wrong expired missing empty unset undefined null none not isn't don't
  doesn't didn't can't please enter field value password passwords passwd secret token passphrase characters character chars digits least
  short long weak minimum maximum length contain contains match matches mismatch changed updated reset rotated stored encrypted hashed hidden
  masked redacted omitted removed filtered protected sensitive failed failure error unknown read loaded taken env environment variable file
  vault stdin prompt using used same default provided supplied specified been be will is are was authentication`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Whether something stands for a value that somebody else puts in: a variable, a mask, `YOUR_API_KEY`. */
export function isStandIn(given: string): boolean {
  const value = given.includes('\x1b') ? given.replace(COLOURS, '') : given;
  return (
    value.includes('[redacted:') ||
    FILLED_IN.test(value) ||
    HIDING.test(MARKED_WORD.exec(value)?.[1] ?? '') ||
    REFERENCE.test(value) ||
    HIDDEN.test(value) ||
    MASK.test(value) ||
    VARIABLE.test(value) ||
    EXAMPLE.test(value) ||
    EXAMPLE_NAME.test(value)
  );
}

/** Whether a value is not there at all: something stands for it, or it is a word for "none", a flag, a short number, a piece of a program. */
export function isPlaceholder(value: string): boolean {
  if (isStandIn(value) || isFilled(value) || ALGORITHM.test(value) || CONSTANT.test(value) || isCode(value)) return true;
  if (PLAIN.some((pattern) => pattern.test(value))) return true;
  return (
    NO_SECRET.has(value.toLowerCase().replace(/[.!?]$/, '')) ||
    /^(?:[-+]?\d{0,5}(?:\.\d*)?|\d{1,4}(?:\.\d{1,4}){2,3}|0x[0-9a-f]{1,8})$/i.test(value)
  );
}

/** Whether a value is a piece of a program: what is called, looked up or passed on. */
function isCode(value: string): boolean {
  if (CODE.test(value)) return true;
  if (/^[a-z_]+(?:\.[a-z_]+){0,4}$/.test(value) && /[._]/.test(value) && NAMED.test(value)) return true;
  const [, name, opens, rest = ''] = CALL.exec(value) ?? [];
  if (name === undefined || name.length < 4 || !name.split(/\.|::|->/).every((part) => IDENTIFIER.test(part))) return false;
  return opens === '('
    ? /^(?:[a-z_.]{0,64}[[(,)]?|[a-z_]{1,32}=.*|["'].*|\))$/.test(rest)
    : /^(?:[\d:]{0,6}\]?|["'].*|[A-Z]?[a-z]{2,}[A-Za-z]{0,40}[\],]?)$/.test(rest);
}

/** Whether a quoted value is a sentence about a secret instead of one. */
export function isSentence(value: string): boolean {
  const words = value.split(/\s+/);
  return words.length > 1 && words.some((word) => ABOUT.has(word.toLowerCase().replace(/[.,!:;]$/, '')));
}

/** Whether words that are joined make a pass phrase, and tell nothing about one. */
export function isPassphrase(value: string): boolean {
  return (
    /^[a-z]{3,10}(?:-[a-z]{3,10}){2,7}$/.test(value) && !value.split('-').some((word) => ABOUT.has(word) || NO_SECRET.has(word))
  );
}

/** Whether a token is one of a manual or of a test: filled with one character. */
export function isFilled(token: string): boolean {
  return /[xX]{8}|\*{4}|\.{3}|([A-Za-z0-9])\1{11}/.test(token.replace(/^A{16,}/, ''));
}
