const wordSet = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(" ").split(" "));

/** Words that name a secret, alone or in a longer name: `DB_PASSWORD`, `accessToken`, `x-session-id`. */
const WORDS = wordSet(
  "password passwd pwd pass passphrase passcode pw secret token jwt bearer authorization authentication auth",
  "cookie credential cred pin otp totp mfa session sid sessid csrf xsrf nonce signature sig cvv cvc mnemonic",
  "apikey sessionid dsn passwort kennwort contraseña contrasena senha motdepasse salasana wachtwoord hasło",
  "пароль 密码 密碼 パスワード 비밀번호",
);

/** `key` names many harmless things; behind one of these it is a secret. */
const KEY_OF = wordSet(
  "api app private access secret signing signature encryption encrypt crypto auth ssh gpg pgp rsa master license",
  "licence account shared client service storage hmac aes ssl tls deploy host admin root user wallet",
);

/** These are so seldom part of another word that they count without a boundary too: `PGPASSWORD`, `userapikey`. */
const ANYWHERE = /passw(?:or)?d|passphrase|apikey|privatekey|secretkey|accesskey|credential|authorization/u;
const AT_THE_END = /(?:token|secret|cookie)s?$/u;

/** In some part of every such name: looked for first, as most names have none. */
const MAYBE =
  /pa?s?sw|pass|pw|secret|token|jwt|bearer|auth|cookie|cred|pin|otp|mfa|sess|sid|srf|nonce|sig|cv[cv]|mnemonic|key|dsn|wort|contrase|senha|motde|salasana|wacht|[^\0-\x7f]/i;

/** Whether what has this name is a secret, whatever it is. Whole words, in any of the usual spellings. */
export const isSecretName = (name: string): boolean => {
  if (!MAYBE.test(name)) {
    return false;
  }
  const words = wordsOf(name);
  const joined = words.join("");
  return (
    ANYWHERE.test(joined) ||
    AT_THE_END.test(joined) ||
    words.some((word, at) => isSecretWord(word) || (singular(word) === "key" && isKeyOf(words[at - 1])))
  );
};

const isKeyOf = (before: string | undefined): boolean => before !== undefined && KEY_OF.has(before);

const isSecretWord = (word: string): boolean => WORDS.has(word) || WORDS.has(singular(word));

const singular = (word: string): string => (word.endsWith("s") ? word.slice(0, -1) : word);

/** `dbPassword2`, `DB_PASSWORD`, `db-password`, `HTTPToken`: words in lower case, without digits. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, NAME_CHARACTERS)
    .normalize("NFKC")
    .replaceAll(/(\p{Ll})(\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, "$1$3 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== "");

/** Of a longer name the beginning is looked at. */
const NAME_CHARACTERS = 256;
