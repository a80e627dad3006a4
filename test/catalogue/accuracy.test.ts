import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { LABELLED_MOST, NAMES_ONLY, readLabels, type LabelSet } from "./labels.ts";
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
  it("are of many servers, some of them kept aside whole", () => {
    const packagesOf = (set: LabelSet) =>
      new Set(labels.filter((label) => label.set === set).map((label) => label.package));
    expect(packagesOf("tune").size).toBeGreaterThan(60);
    expect(packagesOf("held").size).toBeGreaterThanOrEqual(25);
    expect([...packagesOf("held")].filter((name) => packagesOf("tune").has(name))).toEqual([]);
    expect(labels.filter(({ set }) => set === "held").length).toBeGreaterThan(380);
    for (const name of new Set(labels.map((label) => label.package))) {
      const own = labels.filter((label) => label.package === name).length;
      expect(own).toBeLessThanOrEqual(definitions.get(name)?.size ?? 0);
      expect(name === NAMES_ONLY || own <= LABELLED_MOST).toBe(true);
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
