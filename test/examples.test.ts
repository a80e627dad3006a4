import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { playTranscript } from "./docs/transcript.ts";
import { ROOT } from "./support/gateway.ts";

const TRANSCRIPTS = readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith("transcript.md"),
);

const block = (...lines: readonly string[]): string => ["```console", ...lines, "```", ""].join("\n");

describe("a transcript", () => {
  it("is there for each of the two servers", () => {
    expect(TRANSCRIPTS.toSorted()).toEqual(["node-orchestrator/transcript.md", "uefn/transcript.md"]);
  });

  it.concurrent.each(TRANSCRIPTS)(
    "says what its commands print: %s (node scripts/transcripts.ts writes it)",
    async (name) => {
      const written = readFileSync(join(ROOT, "examples", name), "utf8");
      expect(written.match(/^\$ /gmu)?.length).toBeGreaterThan(15);
      expect(await playTranscript(written)).toBe(written);
    },
    180_000,
  );

  it("is found out where a command prints something else, or fails", async () => {
    const stale = `Text.\n\n${block("$ echo now", "then", "$ printf '%s\\n' one \\", ">   two", "$ false")}\nEnd.\n`;
    expect(await playTranscript(stale)).toBe(
      `Text.\n\n${block("$ echo now", "now", "$ printf '%s\\n' one \\", ">   two", "one", "two", "$ false", "[exit code 1]")}\nEnd.\n`,
    );
  });
});
