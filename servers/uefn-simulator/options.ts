import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FAULT_KINDS, parseFault, type Fault } from "./faults.ts";
import type { Shutdown } from "./listener.ts";

export interface Options {
  /** Tried in this order; 0 is any free one. */
  readonly ports: readonly number[];
  readonly journal: string | undefined;
  readonly shutdown: Shutdown;
  readonly faults: readonly Fault[];
  readonly secret: string | undefined;
  readonly timeoutMs: number;
  readonly slowMs: number;
}

const RANGE = "8765-8770";
const PORTS_MAX = 100;

const whole = (text: string, name: string, max: number): number => {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number <= max) {
    return number;
  }
  throw new Error(`--${name} is a whole number up to ${String(max)}, not ${text}`);
};

const portRange = (text: string): readonly number[] => {
  const [from = "", to = from] = text.split("-");
  const first = whole(from, "ports", 65_535);
  const count = whole(to, "ports", 65_535) - first + 1;
  if (first === 0 || count < 1 || count > PORTS_MAX) {
    throw new Error(`--ports is FIRST-LAST, up to ${String(PORTS_MAX)} ports, not ${text}`);
  }
  return Array.from({ length: count }, (_, index) => first + index);
};

const fault = (text: string): Fault => {
  const parsed = parseFault(text);
  if (parsed === undefined) {
    throw new Error(`--fault is KIND[:COMMAND][:N], KIND one of ${FAULT_KINDS.join(", ")}; not ${text}`);
  }
  return parsed;
};

const shutdownOf = (text: string): Shutdown => {
  if (text === "deferred" || text === "hanging") {
    return text;
  }
  throw new Error(`--shutdown is deferred or hanging, not ${text}`);
};

const secretOf = (file: string | undefined, env: NodeJS.ProcessEnv): string | undefined => {
  const text = file === undefined ? env["UEFN_SECRET"] : readFileSync(file, "utf8");
  const secret = text?.trim();
  if (file !== undefined && secret === "") {
    throw new Error("--secret-file is empty");
  }
  return secret === "" ? undefined : secret;
};

const CONFIG = {
  port: { type: "string" },
  ports: { type: "string", default: RANGE },
  journal: { type: "string" },
  shutdown: { type: "string", default: "deferred" },
  fault: { type: "string", multiple: true },
  "secret-file": { type: "string" },
  "timeout-ms": { type: "string", default: "30000" },
  "slow-ms": { type: "string", default: "2000" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "V", default: false },
} as const;

/** What it is asked to say, in place of doing anything. Throws as `optionsOf` does. */
export const wordsAsked = (args: readonly string[]): "help" | "version" | undefined => {
  const { help, version } = parseArgs({ args: [...args], options: CONFIG }).values;
  return help ? "help" : version ? "version" : undefined;
};

/** Reads the command line. Throws in words for who wrote it, and what `parseArgs` and the file system throw. */
export const optionsOf = (args: readonly string[], env: NodeJS.ProcessEnv): Options => {
  const { values } = parseArgs({ args: [...args], options: CONFIG });
  return {
    ports: values.port === undefined ? portRange(values.ports) : [whole(values.port, "port", 65_535)],
    journal: values.journal,
    shutdown: shutdownOf(values.shutdown),
    faults: (values.fault ?? []).map(fault),
    secret: secretOf(values["secret-file"], env),
    timeoutMs: whole(values["timeout-ms"], "timeout-ms", 600_000),
    slowMs: whole(values["slow-ms"], "slow-ms", 600_000),
  };
};
