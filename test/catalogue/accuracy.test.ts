import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { LABELLED_MOST, readLabels, setOf } from "./labels.ts";
import { agreement, differing, takenForRead, type Definitions, type Judged } from "./measure.ts";
import { PAGE, publishedOf, views, withPublished, type Views } from "./published.ts";
import { realDefinitions } from "./real.ts";

const INSTALL_MS = 600_000;
const labels = readLabels();
let definitions: Definitions;
let measured: Views;

beforeAll(async () => {
  definitions = await realDefinitions();
  measured = views(labels, definitions);
}, INSTALL_MS);

const held = (judged: readonly Judged[]) => judged.filter(({ label }) => label.set === "held");
const tune = (judged: readonly Judged[]) => judged.filter(({ label }) => label.set === "tune");

describe("labelled tools of real servers", () => {
  it("are of many servers, a third of them kept aside", () => {
    const packages = [...new Set(labels.map((label) => label.package))];
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.filter((name) => setOf(name) === "held").length / packages.length).toBeGreaterThan(0.33);
    expect(labels.filter(({ set }) => set === "held").length / labels.length).toBeGreaterThan(0.28);
    for (const name of packages) {
      const own = labels.filter((label) => label.package === name).length;
      const there = definitions.get(name)?.size ?? 0;
      expect(own).toBe(name === "uefn" ? there : Math.min(there, LABELLED_MOST));
    }
  });

  it("kept aside are judged as people judged them, 95 of 100", () => {
    expect(agreement(held(measured.whole))).toBeGreaterThanOrEqual(0.95);
  });

  it("that the rules were made on are judged as people judged them, 95 of 100", () => {
    expect(agreement(tune(measured.whole))).toBeGreaterThanOrEqual(0.95);
    expect(differing(tune(measured.whole)).length).toBeLessThan(tune(measured.whole).length / 20);
  });

  it("are never taken for read where they act, destroy or pay, with or without texts", () => {
    expect(takenForRead(measured.whole)).toEqual([]);
    expect(takenForRead(measured.bare)).toEqual([]);
  });

  it("are measured as the page says", () => {
    const page = readFileSync(PAGE, "utf8");
    expect(withPublished(page, publishedOf(measured))).toBe(page);
  });
});
