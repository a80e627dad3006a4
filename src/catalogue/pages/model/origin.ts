import type { Origin, ServerEntry } from "../../entry.ts";
import type { Prose } from "./prose.ts";

const FROM = {
  package: (origin: Extract<Origin, { from: "package" }>): Prose => [
    "From the npm package ",
    { code: origin.package },
    ", version ",
    { code: origin.version },
    ".",
  ],
  scan: ({ at }: Extract<Origin, { from: "scan" }>): Prose => [`Scanned here on ${dayOf(at)}.`],
} as const;

/** Whether it was found by this installation itself. */
export const isScanned = ({ origin }: ServerEntry): boolean => origin.from === "scan";

/** The same in a line of a list. */
export const originText = ({ origin }: ServerEntry): string =>
  origin.from === "package" ? `${origin.package} ${origin.version}` : `on ${dayOf(origin.at)}`;

/** Where what is known of a server comes from. */
export const originProse = ({ origin }: ServerEntry): Prose =>
  origin.from === "package" ? FROM.package(origin) : FROM.scan(origin);

const LAST_DAY = 8_640_000_000_000_000;

const dayOf = (at: number): string =>
  Math.abs(at) <= LAST_DAY ? new Date(at).toISOString().slice(0, 10) : "a day that is not known";
