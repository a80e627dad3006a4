import { describe, expect, it } from "vitest";
import { admitsMethod, admitsPrompt, admitsResource, admitsTemplate, isHidden, showsTool } from "./list.ts";
import { policyOf, validPolicy } from "./testing/calls.ts";

const policy = (document: object) => validPolicy({ version: "1", default: "deny", ...document });
const ADMITS = { admitsResource, admitsPrompt, admitsMethod, admitsTemplate };

describe("tools/list", () => {
  const document = {
    hide: ["secret", "admin_*"],
    tools: { a: {}, denied: { action: "deny" }, secret: {}, "get_*": {} },
  };

  it("shows what a key matches, also what it denies, and nothing hidden", () => {
    const names = ["a", "denied", "get_x", "secret", "admin_x", "other"];
    const shown = (set: ReturnType<typeof policy>) => names.filter((name) => showsTool(set, name));
    expect(shown(policy(document))).toEqual(["a", "denied", "get_x"]);
    expect(shown(policy({ ...document, default: "allow" }))).toEqual(["a", "denied", "get_x", "other"]);
    expect(shown(policy({ ...document, all_tools: { action: "deny" } }))).toEqual(["a", "denied", "get_x"]);
    expect(shown(policy({ ...document, hide: ["*"] }))).toEqual([]);
  });

  it("tells what is hidden", () => {
    expect(["secret", "admin_", "a"].map((name) => isHidden(policy(document), name))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("without a valid policy", () => {
  it("nothing is shown or admitted", () => {
    const invalid = policyOf({ version: "1", default: "allow", x: 1 });
    for (const set of [undefined, invalid]) {
      expect(showsTool(set, "t")).toBe(false);
      expect(isHidden(set, "t")).toBe(false);
      for (const admits of Object.values(ADMITS)) {
        expect(admits(set, "a")).toBe(false);
      }
    }
  });
});

describe("resources, prompts and methods", () => {
  it.each([
    ["resources", admitsResource],
    ["resources", admitsTemplate],
    ["prompts", admitsPrompt],
    ["methods", admitsMethod],
  ] as const)(
    "%s that are not written follow the default, and written ones the patterns",
    (field, admits) => {
      expect(admits(policy({}), "a:b")).toBe(false);
      expect(admits(policy({ default: "allow" }), "a:b")).toBe(true);
      for (const word of ["allow", "deny"]) {
        const set = policy({ default: word, [field]: ["x", "a:*"] });
        expect([admits(set, "a:b"), admits(set, "A:b"), admits(set, "x"), admits(set, "xx")]).toEqual([
          true,
          false,
          true,
          false,
        ]);
        expect(admits(policy({ default: word, [field]: [] }), "a:b")).toBe(false);
      }
    },
  );
});

describe("a resource's URI", () => {
  const all = policy({ default: "allow", resources: ["*"] });

  it.each([
    "file:///public/../etc/passwd",
    "file:///public/./a",
    "file:///public/..",
    "..",
    "./a",
    "memo:..",
    "memo:../x",
    "file:///a/..?x",
    "file:///a/.#x",
    "file:///public/%2e%2E/etc",
    "file:///public/%2E",
    "file:///public%2fetc",
    "file:///public%2Fetc",
    "file:///public%5cetc",
    "file:///public\\..\\etc",
    "file:///public\\etc",
    "file:///public/%252e%252e/etc",
    "file:///public/.\t./etc",
    "file:///public/.\n/etc",
    "file:///a\u0000b",
  ])("that could mean another resource (%j) is refused before patterns are tried", (uri) => {
    expect(admitsResource(all, uri)).toBe(false);
    expect(admitsResource(policy({ default: "allow" }), uri)).toBe(false);
    expect(admitsTemplate(all, `${uri}/{x}`)).toBe(false);
  });

  it.each([
    "file:///public/a.b",
    "file:///...",
    "file:///.hidden/x..y",
    "a://b/%20c",
    "custom:one",
    "x",
    "file:///é",
  ])("that is plain (%j) is admitted", (uri) => {
    expect(admitsResource(all, uri)).toBe(true);
  });
});

describe("a resource template", () => {
  const set = policy({ resources: ["file:///public/*", "db://x/?"] });

  it.each([
    ["file:///public/{name}", true],
    ["file:///public/{+path}/{?q,r}", true],
    ["file:///public/fixed", true],
    ["file:///{name}", false],
    ["{uri}", false],
    ["db://x/{y}", false],
    ["db://x/y", true],
    ["file:///public/{open", false],
    ["file:///public/open}", false],
    ["file:///public/{a{b}}", false],
    ["file:///public/../{x}", false],
  ])("%j is admitted: %s, each expression counting as *", (template, expected) => {
    expect(admitsTemplate(set, template)).toBe(expected);
  });
});
