import type { Ask } from "./servers.ts";

/** What a client of the matrix connects to, and what it has to say then. */

interface Around {
  /** For the processes that the client itself may start. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export type Target = Around &
  (
    | { readonly over: "stdio"; readonly args: readonly string[] }
    | {
        readonly over: "http" | "sse";
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      }
  );

/** What came back for one ask: the results or errors on the wire, a frame for each page, and what the client made of it. */
export interface Heard {
  readonly ask: Ask;
  readonly frames: readonly unknown[];
  /** Where the client did not take the answer: its message. */
  readonly refused?: string;
}

export interface Talk extends AsyncDisposable {
  /** Absent where the client does not show it. */
  readonly revision?: string;
  ask(ask: Ask): Promise<Heard>;
}
