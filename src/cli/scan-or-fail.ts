import { CommandFailure, type Context } from "./command.ts";
import type { Scan } from "./ports.ts";
import { oneLine } from "./print.ts";

export type Scanned = Extract<Scan, { readonly ok: true }>;

/** What a server offers, or why that cannot be had, with the last that it said. */
export const scanOrFail = async ({ ports, where }: Context, server: string): Promise<Scanned> =>
  scannedOrFail(await ports.scan(where, server));

export const scannedOrFail = (scan: Scan): Scanned => {
  if (scan.ok) {
    return scan;
  }
  const said = scan.stderr.trim() === "" ? "" : `\nThe last of its standard error:\n${indented(scan.stderr)}`;
  throw new CommandFailure(`${scan.reason} ${scan.advice}${said}`);
};

export const indented = (text: string): string =>
  once(text.trimEnd().split("\n"))
    .map((line) => `  ${oneLine(line, 400)}`)
    .join("\n");

/**
 * A command that does not say what it speaks is started a second time, as a server of the older kind, and then says the
 * same again. Numbers, such as times, may differ. Nothing is left out but what stands there twice.
 */
const once = (lines: readonly string[]): readonly string[] => {
  const plain = lines.map((line) => line.replaceAll(/\d+/g, "0"));
  for (let second = 1; second < lines.length; second += 1) {
    const both = Math.min(second, lines.length - second);
    if (plain.slice(0, both).every((line, at) => line === plain[second + at])) {
      return second > lines.length - second ? lines.slice(0, second) : lines.slice(second);
    }
  }
  return lines;
};
