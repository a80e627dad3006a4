import { describe, expect, it } from "vitest";
import { isSecretName } from "./secret-names.ts";

const SECRET = `password Password PASSWORD dbPassword db_password db-password DB.PASSWORD2 passwd secret clientSecret
  token accessToken access_token next-page-token apiKey api_key API-KEY apikey x-api-key authorization
  Proxy-Authorization cookie Set-Cookie cookies credentials privateKey private_key SSHPrivateKey pin PIN cardPin otp
  sessionId session PGPASSWORD userpassword mytoken ｐａｓｓｗｏｒｄ пароль 密码 signing.keys Passwort`;

const HARMLESS = `text path key keys primaryKey author authors spinner pinned shopping opinion secretary tokenizer
  compass passenger bypass keyboard monkey considered assess`;

describe("a name of a secret", () => {
  it.each(SECRET.split(/\s+/u))("is %s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(HARMLESS.split(/\s+/u))("is not %s", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
