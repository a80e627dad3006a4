import { expect, it } from "vitest";
import { secretArgumentNames } from "./secret-arguments.ts";
import type { ArgumentFact } from "./verdict.ts";

const fact = (path: string, kinds: ArgumentFact["kinds"]): ArgumentFact => ({
  path,
  types: ["string"],
  required: true,
  kinds,
});

it("names of secret arguments are the last names of their paths", () => {
  const facts = [
    fact("args.pat", ["secret"]),
    fact("args.auth.x-key", ["identifier", "secret"]),
    fact('args["my.key"]', ["secret"]),
    fact('args.list[*]["a\\"]b"]', ["secret"]),
    fact("args.keys[*]", ["secret"]),
    fact("args.path", ["path"]),
    fact("args", ["secret"]),
  ];
  expect([...secretArgumentNames(facts)]).toEqual(["pat", "x-key", "my.key", 'a"]b', "keys"]);
});
