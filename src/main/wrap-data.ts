import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { placesIn } from "../store/open.ts";
import type { WrapOptions } from "../cli/ports.ts";
import type { From } from "./ports.ts";

/** `${XDG_DATA_HOME:-~/.local/share}/tollgate/wrap/NAME`. A relative XDG_DATA_HOME is ignored, as its specification says. */
export const wrapData = (
  { terminal }: Pick<From, "terminal">,
  { data, name }: Pick<WrapOptions, "data" | "name">,
): string => {
  if (data !== undefined) {
    return resolve(terminal.cwd, data);
  }
  const told = terminal.env["XDG_DATA_HOME"] ?? "";
  const base = isAbsolute(told) ? told : join(terminal.env["HOME"] ?? homedir(), ".local", "share");
  return join(base, "tollgate", "wrap", name);
};

/** The data directory that `wrap` uses for this name, where it has a record. */
export const wrapRecord = (from: Pick<From, "terminal">, name: string): string | undefined => {
  const data = wrapData(from, { data: undefined, name });
  return existsSync(placesIn(data).journal) ? data : undefined;
};
