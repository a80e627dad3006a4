import { describe, expect, it } from "vitest";
import { DARK, LIGHT } from "./style-colours.ts";

/** WCAG 2.2, "relative luminance". */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (a: string, b: string): number => {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return (lighter + 0.05) / (darker + 0.05);
};

const TEXTS = ["text", "quiet", "link", "read", "write", "execute", "destructive", "financial"] as const;

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("the %s colours", (_, colours) => {
  it("can be read as text on every ground", () => {
    for (const name of TEXTS) {
      for (const ground of ["ground", "raised"] as const) {
        expect([name, ground, contrast(colours[name], colours[ground]) >= 4.5]).toEqual([name, ground, true]);
      }
    }
  });

  it("show where a field or a button ends", () => {
    expect(contrast(colours.edge, colours.ground)).toBeGreaterThanOrEqual(3);
  });
});
