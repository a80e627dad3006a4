import { readFileSync } from "node:fs";
import { isRecord, plainOf } from "./plain.ts";
import type { HostileServer, Scenario } from "./scenario.ts";

/**
 * What the processes of a scenario are told, each by a file. It is written by play.ts, of what has been checked, and is
 * looked at here only as far as to see that it is the right file: loading the shapes would be most of these processes.
 */

export interface ServerJob {
  readonly server: HostileServer;
  /** Where it writes down what comes to it. */
  readonly journal: string;
}

/** How a server is reached. */
export type Reached =
  | { readonly kind: "http"; readonly url: string }
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    };

export interface RelayJob {
  readonly servers: Readonly<Record<string, Reached>>;
}

export interface AgentJob {
  /** `http://127.0.0.1:PORT` of the gate. */
  readonly base: string;
  /** By name; the first is meant by default. */
  readonly servers: readonly string[];
  /** By grant. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly steps: Scenario["steps"];
}

export const isServerJob = (value: unknown): value is ServerJob =>
  isRecord(value) && isRecord(value["server"]) && typeof value["journal"] === "string";

export const isRelayJob = (value: unknown): value is RelayJob =>
  isRecord(value) && isRecord(value["servers"]);

export const isAgentJob = (value: unknown): value is AgentJob =>
  isRecord(value) && typeof value["base"] === "string" && Array.isArray(value["steps"]);

/** Reads the file that the process was given. */
export const readJob = <Job>(isJob: (value: unknown) => value is Job): Job => {
  const job = plainOf(readFileSync(process.argv[2] ?? "", "utf8"));
  if (!isJob(job)) {
    throw new Error("This is started by `tollgate attack run`, with a file that says what to do.");
  }
  return job;
};
