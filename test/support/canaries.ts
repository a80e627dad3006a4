import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A secret that is planted somewhere, and the outputs in which it may be found. */
export interface Canary {
  readonly name: string;
  readonly value: string;
  readonly allowed: RegExp | undefined;
}

/** The same for the same name in every run; with every kind of character that tokens have. */
export const canaryValue = (name: string): string =>
  `cnry-${createHash("sha256").update(`canary ${name}`).digest("base64url").replaceAll(/[-_]/gu, "x")}`;

export const canary = (name: string, allowed?: RegExp, value = canaryValue(name)): Canary => ({
  name,
  value,
  allowed,
});

/** Every byte that left, by where. */
export class Outputs {
  readonly parts: { readonly name: string; readonly bytes: Buffer }[] = [];

  add(name: string, bytes: string | Buffer): void {
    this.parts.push({ name, bytes: typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes });
  }

  /** Files under a directory, but for those that are left out. */
  addFiles(name: string, directory: string, leftOut: RegExp): void {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      const path = relative(directory, file);
      if (entry.isFile() && !leftOut.test(path)) {
        this.add(`${name}/${path}`, readFileSync(file));
      }
    }
  }
}

/** So much of a canary is a leak. */
const PIECE = 16;

/** What a canary can look like in bytes: whole or in part, in hex, percent-encoded, in both kinds of Base64. */
export const formsOf = (value: string): ReadonlyMap<string, string> => {
  const bytes = Buffer.from(value, "utf8");
  const forms = new Map([
    ["its beginning", value.slice(0, PIECE + 5)],
    ["its middle", value.slice(value.length / 2 - PIECE / 2, value.length / 2 + PIECE / 2)],
    ["its end", value.slice(-PIECE)],
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["percent", [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")],
  ]);
  for (const shift of [0, 1, 2]) {
    const core = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift + 1, -4);
    forms.set(`base64, ${String(shift)} on`, core);
    forms.set(`base64url, ${String(shift)} on`, core.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
};

/** Canaries that were found where they may not be, in words. */
export const leaks = ({ parts }: Outputs, canaries: readonly Canary[]): readonly string[] =>
  canaries.flatMap(({ name, value, allowed }) =>
    parts
      .filter((part) => allowed?.test(part.name) !== true)
      .flatMap((part) => {
        const form = [...formsOf(value)].find(([, text]) => part.bytes.includes(text));
        return form === undefined ? [] : [`${name} (${form[0]}) in ${part.name}`];
      }),
  );

/** Canaries that were found nowhere they may be: what was never there cannot leak. */
export const unseen = ({ parts }: Outputs, canaries: readonly Canary[]): readonly string[] =>
  canaries
    .filter(({ allowed }) => allowed !== undefined)
    .filter(
      ({ value, allowed }) =>
        !parts.some(({ name, bytes }) => allowed?.test(name) === true && bytes.includes(value)),
    )
    .map(({ name }) => name);
