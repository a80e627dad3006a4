// Plays the transcripts of the examples again, with real processes, and writes down what they print now.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { playTranscript } from "../test/docs/transcript.ts";
import { ROOT } from "../test/support/gateway.ts";

for (const name of readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" })) {
  if (name.endsWith("transcript.md")) {
    const file = join(ROOT, "examples", name);
    writeFileSync(file, await playTranscript(readFileSync(file, "utf8")));
    console.log(`examples/${name}`);
  }
}
