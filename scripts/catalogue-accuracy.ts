// Judges the labelled tools of real servers, shows where verdicts and labels differ, and writes the tables of
// docs/catalogue.md. Differences of the set that is kept aside are shown only when asked for: `--held`.
import { readFileSync, writeFileSync } from "node:fs";
import { readLabels } from "../test/catalogue/labels.ts";
import { differing } from "../test/catalogue/measure.ts";
import { realDefinitions } from "../test/catalogue/real.ts";
import { PAGE, publishedOf, views, withPublished } from "../test/catalogue/published.ts";

const labels = readLabels();
const measured = views(labels, await realDefinitions());
const sets = process.argv.includes("--held") ? (["tune", "held"] as const) : (["tune"] as const);
for (const set of sets) {
  const judged = measured.whole.filter(({ label }) => label.set === set);
  console.log(`${set}\n${differing(judged).join("\n")}\n`);
}
const text = publishedOf(measured);
console.log(text);
writeFileSync(PAGE, withPublished(readFileSync(PAGE, "utf8"), text));
