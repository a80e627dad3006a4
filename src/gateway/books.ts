import { createHash } from "node:crypto";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import type { Aimed } from "./ask.ts";

/** Entries in the order they came; the oldest goes where there is no room. */
const keepNewest = <T>(entries: Map<string, T>, key: string, value: T, max: number): void => {
  entries.delete(key);
  entries.set(key, value);
  const oldest = entries.keys().next();
  if (entries.size > max && oldest.done !== true) {
    entries.delete(oldest.value);
  }
};

/** Members of a retry that are not part of what was asked (2026-07-28 "Multi Round-Trip Requests"). */
const OF_THE_ROUND: ReadonlySet<string> = new Set(["_meta", "inputResponses", "requestState"]);

/**
 * Which requests a server gave a `requestState` for. A retry is judged anew like any call; beside that, a state that
 * was given for other arguments, another tool or another grant opens nothing.
 */
export class StateBook {
  readonly #known = new Map<string, true>();

  remember(asked: Aimed, state: string): void {
    keepNewest(this.#known, keyOf(asked, state), true, LIMITS.request_states_max);
  }

  knows(asked: Aimed, state: string): boolean {
    return this.#known.has(keyOf(asked, state));
  }
}

const keyOf = ({ identified, server, frame }: Aimed, state: string): string => {
  const asked = Object.entries(frame.params ?? {}).filter(([name]) => !OF_THE_ROUND.has(name));
  const whole: Json = [identified.grant.name, server.name, frame.method, Object.fromEntries(asked), state];
  return createHash("sha256").update(canonicalJson(whole)).digest("base64");
};

interface Task {
  readonly server: string;
  readonly tool: string;
}

/** The tasks that calls began, each bound to the grant that called and the tool that was called. */
export class TaskBook {
  readonly #tasks = new Map<string, Task>();

  #key(grant: string, server: string, taskId: string): string {
    return JSON.stringify([grant, server, taskId]);
  }

  put(grant: string, task: Task, taskId: string): void {
    keepNewest(this.#tasks, this.#key(grant, task.server, taskId), task, LIMITS.tasks_max);
  }

  /** The tool whose call began this task; `undefined` where no call of this grant did. */
  toolOf(grant: string, server: string, taskId: string): string | undefined {
    return this.#tasks.get(this.#key(grant, server, taskId))?.tool;
  }
}

export interface Books {
  readonly states: StateBook;
  readonly tasks: TaskBook;
}

/** Whether a call of this grant to this server began the task. */
export const isOwnTask = (
  { tasks }: Books,
  { identified, server }: Pick<Aimed, "identified" | "server">,
  taskId: string,
): boolean => tasks.toolOf(identified.grant.name, server.name, taskId) !== undefined;

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
    tasks.put(asked.identified.grant.name, { server: asked.server.name, tool }, taskId);
  }
};

/** A call that became a task: `task.taskId` in 2025-11-25, `resultType: "task"` and `taskId` after it (SEP-2663). */
const taskIdOf = (result: JsonObject): string | undefined => {
  const task = member(result, "task");
  const legacy = isJsonObject(task) ? member(task, "taskId") : undefined;
  const id = member(result, "resultType") === "task" ? (member(result, "taskId") ?? legacy) : legacy;
  return typeof id === "string" ? id : undefined;
};
