import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";

/** What a hostile server wrote down of what came to it. */
const entryShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("request"), headers: z.record(z.string(), z.string()), body: z.string() }),
  z.strictObject({ kind: z.literal("call"), tool: z.string(), arguments: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal("read"), uri: z.unknown() }),
  z.strictObject({ kind: z.literal("prompt"), name: z.unknown() }),
  z.strictObject({ kind: z.literal("environment"), name: z.string(), value: z.string().nullable() }),
]);
export type JournalEntry = z.infer<typeof entryShape>;

/** In order; nothing where the server wrote nothing. */
export const readJournal = (file: string): readonly JournalEntry[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => entryShape.parse(toPlain(readJson(line))))
    : [];
