/** `npm run bench NAME`: one command a benchmark, each prints a Markdown table. */
import { UsageError } from "./options.ts";

interface Bench {
  readonly what: string;
  readonly load: () => Promise<{ readonly bench: (args: readonly string[]) => Promise<void> }>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  audit: {
    what: "writing calls down, beside SQLite and a bare file [--seconds 2] [--rounds 3] [--callers 1,16,64] [--rate 1000] [--slow 2]",
    load: () => import("./audit.ts"),
  },
  catalogue: {
    what: "fifty thousand tools: judged, kept, loaded, searched [--thousands 50] [--rounds 15]",
    load: () => import("./catalogue.ts"),
  },
  decide: {
    what: "decisions a second on one core, beside Cedar [--seconds 1] [--rounds 5]",
    load: () => import("./decide.ts"),
  },
  gateway: {
    what: "the cost of a tools/call: direct, through nginx, through the gate [--seconds 5] [--rounds 1] [--connections 1,16,64]",
    load: () => import("./gateway.ts"),
  },
  search: {
    what: "searching ten million records, and what their indexes cost [--millions 10] [--rounds 5]",
    load: () => import("./search.ts"),
  },
  stdio: {
    what: "framing and parsing one long line, beside the SDK [--mib 1,4,16] [--rounds 7]",
    load: () => import("./stdio.ts"),
  },
};

const usage = (): string =>
  ["usage: npm run bench NAME -- [options]", ""]
    .concat(Object.entries(BENCHES).map(([name, { what }]) => `  ${name.padEnd(9)} ${what}`))
    .join("\n");

const [name = "", ...args] = process.argv.slice(2);
const chosen = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;

if (chosen === undefined) {
  console.error(usage());
  process.exitCode = 2;
} else {
  try {
    await (await chosen.load()).bench(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
