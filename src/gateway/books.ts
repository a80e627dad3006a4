import { createHash } from "node:crypto";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { detached } from "../base/text.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import type { Aimed } from "./ask.ts";

/** Entries of each grant in the order they came; its oldest goes where it has no room, and never another's. */
class Shelves<T> {
  readonly #shelves = new Map<string, Map<string, T>>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  put(grant: string, key: string, value: T): void {
    const entries = this.#shelves.get(grant) ?? new Map<string, T>();
    this.#shelves.set(grant, entries);
    entries.delete(key);
    entries.set(key, value);
    const oldest = entries.keys().next();
    if (entries.size > this.#max && oldest.done !== true) {
      entries.delete(oldest.value);
    }
  }

  get(grant: string, key: string): T | undefined {
    return this.#shelves.get(grant)?.get(key);
  }
}

/** Servers choose states and ids, however long: what is kept of them is of one length. */
const digest = (parts: Json): string => createHash("sha256").update(canonicalJson(parts)).digest("base64");

/** Members of a retry that are not part of what was asked (2026-07-28 "Multi Round-Trip Requests"). */
const OF_THE_ROUND: ReadonlySet<string> = new Set(["_meta", "inputResponses", "requestState"]);

/**
 * Which requests a server gave a `requestState` for. A retry is judged anew like any call; beside that, a state that
 * was given for other arguments, another tool or another grant opens nothing.
 */
export class StateBook {
  readonly #known = new Shelves<true>(LIMITS.request_states_max);

  remember(asked: Aimed, state: string): void {
    this.#known.put(asked.identified.grant.name, keyOf(asked, state), true);
  }

  knows(asked: Aimed, state: string): boolean {
    return this.#known.get(asked.identified.grant.name, keyOf(asked, state)) === true;
  }
}

const keyOf = ({ server, frame }: Aimed, state: string): string => {
  const asked = Object.entries(frame.params ?? {}).filter(([name]) => !OF_THE_ROUND.has(name));
  return digest([server.name, frame.method, Object.fromEntries(asked), state]);
};

/** The tasks that calls began, each bound to the grant that called and the tool that was called. */
export class TaskBook {
  readonly #tools = new Shelves<string>(LIMITS.tasks_max);

  put(grant: string, server: string, taskId: string, tool: string): void {
    this.#tools.put(grant, digest([server, taskId]), tool);
  }

  /** The tool whose call began this task; `undefined` where no call of this grant did. */
  toolOf(grant: string, server: string, taskId: string): string | undefined {
    return this.#tools.get(grant, digest([server, taskId]));
  }
}

export interface Books {
  readonly states: StateBook;
  readonly tasks: TaskBook;
}

/** Takes note of what an answer lets the client come back with. */
export const noteAnswer = ({ states, tasks }: Books, asked: Aimed, { result }: ResponseFrame): void => {
  if (result === undefined) {
    return;
  }
  const state = member(result, "requestState");
  if (typeof state === "string") {
    states.remember(asked, state);
  }
  const taskId = taskIdOf(result);
  const tool = asked.frame.params === undefined ? undefined : member(asked.frame.params, "name");
  if (taskId !== undefined && typeof tool === "string" && methodRow(asked.frame.method)?.kind === "call") {
    tasks.put(asked.identified.grant.name, asked.server.name, taskId, detached(tool));
  }
};

/** A call that became a task: `task.taskId` in 2025-11-25, `resultType: "task"` and `taskId` after it (SEP-2663). */
const taskIdOf = (result: JsonObject): string | undefined => {
  const task = member(result, "task");
  const legacy = isJsonObject(task) ? member(task, "taskId") : undefined;
  const id = member(result, "resultType") === "task" ? (member(result, "taskId") ?? legacy) : legacy;
  return typeof id === "string" ? id : undefined;
};
