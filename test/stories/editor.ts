import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Gateway, Program, ROOT, temporaryDirectory, tokenOf } from "../support/gateway.ts";

/** One command that the editor executed. */
export interface Ran {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The command it was nested in. */
  readonly via: string | null;
}

/** The editor's side, its bridge and the gate in front of it: three real processes. */
export class Editor implements AsyncDisposable {
  readonly folder = temporaryDirectory();
  readonly #journal = join(this.folder, "editor.jsonl");
  #simulator: Program | undefined;
  port = "";

  /** Begins to listen, on a free port or on the one it had. */
  async open(...options: readonly string[]): Promise<void> {
    await this.#simulator?.[Symbol.asyncDispose]();
    this.#simulator = new Program([
      join(ROOT, "servers/uefn-simulator/main.ts"),
      "--port",
      this.port === "" ? "0" : this.port,
      "--journal",
      this.#journal,
      ...options,
    ]);
    this.port = await this.#simulator.printed(/^uefn simulator on (\d+)$/mu);
  }

  /** What it executed, nested commands included, in order. */
  get ran(): readonly Ran[] {
    return existsSync(this.#journal)
      ? readFileSync(this.#journal, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as Ran)
      : [];
  }

  /** A gate in front of the bridge, with a grant for each policy, named like it. */
  async gate(
    policies: Readonly<Record<string, object>>,
    { bridge = [], options = {} }: { readonly bridge?: readonly string[]; readonly options?: object } = {},
  ): Promise<Gateway> {
    return Gateway.start(
      {
        mcpServers: {
          uefn: {
            command: process.execPath,
            args: [join(ROOT, "servers/uefn/main.ts"), "--editor-port", this.port, ...bridge],
            tollgate: options,
          },
        },
        policies,
        identities: { agent: { kind: "service" } },
        grants: Object.fromEntries(
          Object.keys(policies).map((name) => [
            name,
            { identity: "agent", server: "uefn", policy: name, token: tokenOf(name) },
          ]),
        ),
      },
      join(this.folder),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#simulator?.[Symbol.asyncDispose]();
  }
}

/** A policy of the examples. */
export const examplePolicy = (file: string): object =>
  JSON.parse(readFileSync(join(ROOT, "examples", file), "utf8")) as object;
