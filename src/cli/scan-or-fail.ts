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
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${oneLine(line, 400)}`)
    .join("\n");
