import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optionsOf } from "../options.ts";
import { simulator } from "../simulator.ts";
import { isFields, type Fields } from "../values.ts";

export interface Line {
  readonly command: string;
  readonly params: Fields;
  readonly via: string | null;
  readonly at: string;
}

const fields = (value: unknown): Fields => {
  if (isFields(value)) {
    return value;
  }
  throw new Error(`Not an object: ${JSON.stringify(value)}`);
};

export const post = (port: number, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${String(port)}/`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

/** One command; what it answers, whatever the status. */
export const call = async (port: number, command: string, params: Fields = {}): Promise<Fields> => {
  const response = await post(port, JSON.stringify({ command, params }));
  return fields(await response.json());
};

/** The result of a command that must succeed. */
export const result = async (port: number, command: string, params: Fields = {}): Promise<Fields> => {
  const answer = await call(port, command, params);
  if (answer["success"] !== true) {
    throw new Error(`${command}: ${JSON.stringify(answer)}`);
  }
  return fields(answer["result"]);
};

export const tool = (port: number, name: string, kwargs: Fields = {}): Promise<Fields> =>
  result(port, "run_tool", { tool_name: name, kwargs });

export const greet = async (port: number, headers: Record<string, string> = {}): Promise<Fields> =>
  fields(await (await fetch(`http://127.0.0.1:${String(port)}/`, { headers })).json());

export const readJournal = (file: string): readonly Line[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

export const temporary = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "uefn-simulator-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export interface Running {
  readonly port: number;
  readonly journal: () => readonly Line[];
  /** Resolves once it stopped listening on its own. */
  readonly stopped: Promise<void>;
  readonly end: () => Promise<void>;
}

/** A simulator in this process, at a free port, with a journal. */
export const running = async (args: readonly string[] = [], secret?: string): Promise<Running> => {
  const folder = temporary();
  const journal = join(folder.path, "journal.jsonl");
  const env = secret === undefined ? {} : { UEFN_SECRET: secret };
  const listener = simulator(optionsOf(["--port", "0", "--journal", journal, ...args], env));
  const { promise, resolve } = Promise.withResolvers<void>();
  listener.onStopped = resolve;
  const port = await listener.start([0]);
  return {
    port,
    journal: () => readJournal(journal),
    stopped: promise,
    end: async () => {
      await listener.stop();
      folder.remove();
    },
  };
};
