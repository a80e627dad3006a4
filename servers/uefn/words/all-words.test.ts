import { expect, it } from "vitest";
import { WORDS } from "./all-words.ts";

const namesWhere = (hint: "readOnlyHint" | "destructiveHint" | "openWorldHint"): readonly string[] =>
  Object.entries(WORDS).flatMap(([name, { annotations }]) => (annotations[hint] === true ? [name] : []));

it.each([
  "execute_python",
  "run_tool",
  "batch_exec",
  "shutdown",
  "delete_actors",
  "delete_asset",
  "rename_asset",
  "save_asset",
  "save_current_level",
  "import_asset",
  "snapshot_restore",
  "material_bulk_swap",
  "verse_write_file",
  "undo",
  "redo",
])("says that %s may destroy something", (name) => {
  expect(namesWhere("destructiveHint")).toContain(name);
});

const named = (words: RegExp): readonly string[] => Object.keys(WORDS).filter((name) => words.test(name));

it("says that what only adds destroys nothing", () => {
  const adding = named(/(?:^|_)(?:spawn|place|add)(?:_|$)|^pattern_/u);
  expect(adding).toHaveLength(13);
  expect(namesWhere("destructiveHint").filter((name) => adding.includes(name))).toEqual([]);
});

it("says of nothing that changes something that it only reads", () => {
  const changing = named(
    /(?:^|_)(?:set|add|delete|remove|spawn|place|write|save|create|select|undo)(?:_|$)/u,
  );
  expect(changing.length).toBeGreaterThan(30);
  expect(namesWhere("readOnlyHint").filter((name) => changing.includes(name))).toEqual([]);
});

it("says that only what runs anything, and what reads pages, reaches out of the editor", () => {
  expect(namesWhere("openWorldHint").toSorted()).toEqual([
    "batch_exec",
    "execute_python",
    "fetch-doc-source",
    "query-docs",
    "run_tool",
  ]);
});
