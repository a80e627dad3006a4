import { describe, expect, it } from "vitest";
import { admittedBy } from "./admitted.ts";
import { swapped, swapsFor } from "./constants.ts";
import { argumentsIn, saidIn } from "./words.ts";

const rule = (...conditions: readonly object[]) => ({ require: [{ conditions }] });

describe("values that a rule asks for", () => {
  it.each([
    [{ path: "args.a", op: "eq", value: 5 }, 5],
    [{ path: "args.a", op: "in", value: ["x", "y"] }, "x"],
    [{ path: "args.a", op: "within", value: ["/srv/"] }, "/srv/notes.txt"],
    [{ path: "args.a", op: "starts_with", value: "git " }, "git x"],
    [{ path: "args.a", op: "ends_with", value: "@acme.org" }, "x@acme.org"],
    [{ path: "args.a", op: "glob", value: "docs-?*" }, "docs-xx"],
    [{ path: "args.a", op: "host_in", value: ["*.acme.org"] }, "https://www.acme.org/"],
    [{ path: "args.a", op: "lte", value: 10 }, 10],
    [{ path: "args.a", op: "lt", value: 10 }, 9],
    [{ path: "args.a", op: "gt", value: 10 }, 11],
    [{ path: "args.a[*]", op: "in", value: ["x"] }, ["x"]],
    [
      {
        any: [
          { path: "args.a", op: "eq", value: 1 },
          { path: "args.a", op: "eq", value: 2 },
        ],
      },
      1,
    ],
    [{ all: [{ path: "args.a", op: "eq", value: 1 }] }, 1],
  ])("%j", (condition, value) => {
    expect(admittedBy(rule(condition))).toEqual(new Map([["a", value]]));
  });

  it.each([
    rule({ path: "args.a", op: "regex", value: "^[a-z]+$" }),
    rule({ path: "args.a.b", op: "eq", value: 1 }),
    rule({ path: "grant.name", op: "eq", value: "x" }),
    rule({ not: { path: "args.a", op: "eq", value: 1 } }),
    { deny_if: [{ conditions: [{ path: "args.a", op: "eq", value: 1 }] }] },
    {},
    undefined,
  ])("are none of %j", (one) => {
    expect(admittedBy(one)).toEqual(new Map());
  });
});

describe("the words of a user's rule", () => {
  const recommended = rule({ path: "args.path", op: "within", value: ["/srv", "/srv/project"] });
  const swaps = (own: object) => swapsFor(recommended, saidIn(own), (name) => `file_${name}`);

  it("take the place of the recommended rule's, the longest first", () => {
    const own = rule({ path: "args.file_path", op: "starts_with", value: "/home/ana/" });
    expect(swapped(["/srv/project/../x", 5, { a: "/srv/y" }], "path", swaps(own))).toEqual([
      "/home/ana/../x",
      5,
      { a: "/home/ana/y" },
    ]);
    expect(swapped("/srv/project", "other", swaps(own))).toBe("/srv/project");
  });

  it("are those of the same argument, and of an operator of its kind", () => {
    expect(swaps(rule({ path: "args.other", op: "within", value: ["/home"] }))).toEqual([]);
    expect(swaps(rule({ path: "args.file_path", op: "host_in", value: ["acme.org"] }))).toEqual([]);
    expect(swaps(rule({ path: "args.file_path", op: "glob", value: "/home/*" }))).toMatchObject([
      { to: "/home" },
      { to: "/home" },
    ]);
  });

  it("are about arguments", () => {
    expect(argumentsIn({ ...recommended, limits: [{ increment_from: "args.amount" }] })).toEqual(["path"]);
  });
});
