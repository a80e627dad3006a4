import { describe, expect, it } from "vitest";
import { shapedSecrets } from "./secret-shapes.ts";
import { replaceFound } from "./secret.ts";

const masked = (text: string): string => replaceFound(text, shapedSecrets(text));

describe("secrets of known forms", () => {
  it.each([
    ["bearer tokens", "Bearer abcdefgh.ijkl next", "Bearer [masked: credentials] next"],
    ["basic authentication", "basic dXNlcjpwYXNz", "basic [masked: credentials]"],
    ["users in URLs", "at https://ann:p:w@host.example/x", "at https://[masked: credentials]@host.example/x"],
    ["passwords with signs in URLs", "pg://u:p/w?x@h/db", "pg://[masked: credentials]@h/db"],
    ["tokens as users of URLs", "https://abc123@host/x.git", "https://[masked: credentials]@host/x.git"],
    ["web tokens", "x eyJhbGciOi.eyJzdWIi.sig y", "x [masked: JSON web token] y"],
    [
      "keys in PEM",
      "a -----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY----- b",
      "a [masked: PEM block] b",
    ],
    ["half a PEM block", "-----BEGIN PRIVATE KEY-----\nMHcCAQ", "[masked: PEM block]"],
    ["prefixes of services", "use sk-live-aaaabbbbccccdddd here", "use [masked: token] here"],
    ["AWS key ids", "AKIAABCDEFGHIJKLMNOP", "[masked: token]"],
    ["this gate's own tokens", `tg_${"a".repeat(43)}`, "[masked: token]"],
    ["variables", "DB_PASSWORD=a,b X=1", "DB_PASSWORD=[masked: name] X=1"],
    ["queries", "/x?api_key=abc&b=2", "/x?api_key=[masked: name]&b=2"],
    ["headers, to the end of the line", "Cookie: a=b; c=d\nHost: h", "Cookie: [masked: name]\nHost: h"],
    ["a scheme behind the sign", "authorization=Bearer a.b c", "authorization=[masked: name] c"],
    ["JSON", '{"a":"b","password":"x \\" y","c":1}', '{"a":"b","password":[masked: name]","c":1}'],
    ["JSON in JSON", '{\\"token\\":\\"x y\\",\\"b\\":1}', '{\\"token\\":[masked: name]\\",\\"b\\":1}'],
    ["options", "run --password hunter2 -v", "run --password [masked: name] -v"],
    ["sentences", "The password is hunter2 now", "The password is [masked: name] now"],
    ["XML", "<password>a b</password>", "<password>[masked: name]</password>"],
  ])("are found: %s", (_, text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    "Meet at 10:30, see https://example.com:8080/@scope/name?page=2 or mail ann@example.com.",
    'const key = "title"; author: Ann; spin=1',
    "/home/ann/notes.txt",
  ])("are not found in %s", (text) => {
    expect(masked(text)).toBe(text);
  });

  it.each(["a=", "password=", "://", "://a:", "<a>", "-----BEGIN A-----", "eyJ-", '\\"', "--a "])(
    "are sought in time that does not explode: %s",
    (piece) => {
      const started = performance.now();
      shapedSecrets(piece.repeat(32_768 / piece.length) + "@");
      expect(performance.now() - started).toBeLessThan(3_000);
    },
  );
});
