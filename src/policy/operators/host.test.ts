import { describe, expect, it } from "vitest";

import { judgeDeep, judgeValue, problemsOf } from "../testing/conditions.ts";

const LIST = ["example.com", "*.example.org", "BÜCHER.de.", "127.0.0.1", "::1", "[2001:DB8::1]"];
const hostIn = (found: unknown) => judgeValue({ op: "host_in", value: LIST }, found);

describe("host_in", () => {
  it.each([
    ["https://example.com", 1],
    ["https://EXAMPLE.com:8443/path?q#f", 1],
    ["https://example.com./", 1],
    ["https://example.com../", 0],
    ["https://sub.example.com/", 0],
    ["https://example.com.evil.net/", 0],
    ["https://a.example.org/", 1],
    ["https://a.b.example.org/", 1],
    ["https://example.org/", 0],
    ["https://evilexample.org/", 0],
    ["https://.example.org/", 0],
    ["https://bücher.de/", 1],
    ["https://xn--bcher-kva.de/", 1],
    ["https://ex%61mple.com/", 1],
    ["https://exa\u00admple.com/", 1],
    ["https:example.com", 1],
    ["https:\\\\example.com\\x", 1],
    ["  https://example.com/ ", 1],
    ["ht\ntps://exam\tple.com/", 1],
    ["http://0x7f.1/", 1],
    ["http://2130706433/", 1],
    ["http://127.0.0.1./", 1],
    ["http://[::1]/", 1],
    ["http://[0:0:0:0:0:0:0:1]/", 1],
    ["http://[2001:db8::1]:80/", 1],
    ["http://[::2]/", 0],
    ["redis://EXAMPLE.com/", 1],
    ["redis://example.com.:6379", 1],
    ["foo://b%C3%BCcher.de", 1],
    ["foo://127.1/", 1],
    ["foo://[::1]/", 1],
    ["ftp://example.com", 1],
    ["file://example.com/x", 1],
    ["wss://evil.net", 0],
    ["https://example.com/path@x", 1],
    ["https://example.com?user@x", 1],
    ["https://example.com#user@x", 1],
    ["https://example.com\\@x", 1],
    ["https://user@example.com/", -1],
    ["https://user:pw@example.com/", -1],
    ["https://:pw@example.com/", -1],
    ["https://@example.com/", -1],
    ["https://:@example.com/", -1],
    ["https:////@example.com/", -1],
    ["https:@example.com/", -1],
    [" \thttps:\n//@example.com/", -1],
    ["ftp:@example.com/", -1],
    ["ws:\\@example.com/", -1],
    ["WSS:@example.com/", -1],
    ["foo://@example.com/", -1],
    ["foo://user@example.com/", -1],
    ["foo://x\\@example.com/", -1],
    ["foo://1.2.3.256/", -1],
    ["foo://a%2fb/", -1],
    ["https://./", -1],
    ["example.com", -1],
    ["//example.com/", -1],
    ["/etc", -1],
    ["", -1],
    ["https://", -1],
    ["https://exa mple.com/", -1],
    ["mailto:a@example.com", -1],
    ["file:///etc/passwd", -1],
    ["foo:///x", -1],
    ["foo:example.com", -1],
    ["data:,x", -1],
    [5, -1],
    [null, -1],
  ])("of %j: %s", (found, expected) => {
    expect(hostIn(found)).toBe(expected);
  });

  it.each([
    ["https://example.com", 1],
    ["https://evil.net", 0],
    ["no URL", 0],
    ["mailto:a@example.com", 0],
    ["/etc", 0],
    [5, 0],
    [true, 0],
    [null, 0],
    ["https://@example.com", -1],
    ["foo://u@example.com", -1],
    ["foo://a%2fb/", -1],
  ])("below .** passes over what is no URL with a host: %j gives %s", (found, expected) => {
    expect(judgeDeep({ op: "host_in", value: LIST }, found)).toBe(expected);
  });

  it.each([
    "https://example.com",
    "example.com:80",
    "example.com/x",
    "example.com/",
    "user@example.com",
    "example.com?x",
    "example.com#x",
    "example.com\\x",
    "exa mple.com",
    " example.com",
    "example.com\n",
    "*",
    "*.",
    "*example.com",
    "a.*.com",
    "*.*.com",
    "**.com",
    "*.::1",
    "*.[::1]",
    "*.127.0.0.1",
    "",
    ".",
    "[example.com]",
    "[::1]:80",
    "::1::",
    "1.2.3.256",
    "mailto:",
    5,
  ])("refuses the entry %j", (entry) => {
    expect(problemsOf({ path: "args.v", op: "host_in", value: ["ok.com", entry] })).toMatchObject([
      { pointer: "/value/1", at: "value" },
    ]);
  });

  it("refuses a value that is no list", () => {
    expect(problemsOf({ path: "args.v", op: "host_in", value: "a.com" })).toMatchObject([
      { pointer: "/value" },
    ]);
  });
});
