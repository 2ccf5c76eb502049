import type { Literal } from '../literal-scan.ts';
import { assignmentOf } from './assignment.ts';
import { assigned, assignedPart, type Detector, exact, folded } from './detector.ts';
import { isPasswordLike, isRandom } from './secret-value.ts';

/** A word as a pattern, and what of it is looked for. */
type Word = readonly [name: string, keywords: readonly Literal[]];

/** "Password" in other languages than English, as keys and forms have it. */
const PASSWORD: readonly Word[] = [
  ...['passwort', 'kennwort', 'senha', 'wachtwoord', 'adgangskode', 'kodeord', 'passord', 'salasana', 'heslo', 'lozinka'].map(
    (word): Word => [word, folded(word)],
  ),
  ['contrase(?:ñ|n|ny)a', folded('contrase')],
  ['(?:palavra|mots?)[ _-]?(?:de[ _-]?)?passe', assignedPart('_- ae', 'passe')],
  ['l[öo]senord', folded('senord')],
  ['has[łl]o', folded('hasło', 'haslo')],
  ['jelsz[óo]', folded('jelsz')],
  ['parol[aă]', folded('parol')],
  ['m[ậa]t[ _-]?khẩu', folded('khẩu')],
  ['[şs]ifre', folded('ifre')],
  ['пароль', exact('ароль', 'АРОЛЬ')],
  ['парола', exact('арола')],
  ['лозинка', exact('озинка')],
  ['κωδικός(?: πρόσβασης)?', exact('ωδικός')],
  ['סיסמה', exact('סיסמה')],
  ['كلمة (?:المرور|السر)', exact('كلمة')],
  ['パスワード', exact('パスワ')],
  ['暗証番号', exact('暗証')],
  ['密[码碼]', exact('密码', '密碼')],
  ['口令', exact('口令')],
  ['비밀번호', exact('비밀번호')],
  ['암호', exact('암호')],
  ['รหัสผ่าน', exact('รหัสผ่าน')],
  ['पासवर्ड', exact('पासवर्ड')],
];

/** Words that mean a key or a secret, and much besides. */
const SECRET: readonly Word[] = [
  ...['clave', 'chave'].map((word): Word => [`(?<![a-z])${word}(?:[_ ](?:secreta|privada|api))?`, assigned(word)]),
  ['(?:secreto|segredo|geheimnis)', folded('secreto', 'segredo', 'geheimnis')],
  ['schlüssel', folded('chlüssel')],
  ['(?:секрет|токен|ключ)', exact('екрет', 'токен', 'Токен', 'ключ', 'Ключ')],
  ['(?:密钥|密鑰|令牌|秘密鍵|トークン|토큰)', exact('密钥', '密鑰', '令牌', '秘密鍵', 'トークン', '토큰')],
];

/** What is assigned to keys in other languages. */
export const foreignPasswords: readonly Detector[] = [
  assignmentOf({
    ...familyOf(PASSWORD),
    kind: 'password',
    isSecret: (value, isBare) =>
      !/\s/.test(value) && (isPasswordLike(value) || /^[a-z]+(?:-[a-z]+){2,}$/i.test(value) || (!isBare && value.length >= 6)),
  }),
  assignmentOf({ ...familyOf(SECRET), kind: 'secret', isSecret: isRandom }),
];

function familyOf(words: readonly Word[]) {
  const names = words.map(([name]) => name).join('|');
  return { names, keywords: words.flatMap(([, keywords]) => keywords), byCharacter: true } as const;
}
