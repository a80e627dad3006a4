import { having } from "../base/json-change.ts";
import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Exchange } from "../upstream/port.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { notificationFrame, requestFrame } from "../wire/make-frame.ts";
import { nonsense, ownId, unlessAborted } from "./legacy-frames.ts";

/** One entry of `inputRequests`. */
export interface Question {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** What a server needs before it goes on (2026-07-28 "InputRequiredResult"). */
export interface Wanted {
  readonly questions: readonly Question[];
  /** As it came, to be given back as it came. */
  readonly state: string | undefined;
}

const METHODS: ReadonlySet<string> = new Set(["sampling/createMessage", "elicitation/create", "roots/list"]);
/** 2026-07-28 "Supported Requests". */
const MAY_ASK: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

const questionOf = (key: string, request: Json): Question => {
  const method = isJsonObject(request) ? member(request, "method") : undefined;
  const params = isJsonObject(request) ? member(request, "params") : undefined;
  if (typeof method !== "string" || !METHODS.has(method)) {
    throw nonsense("The server asks for something that no client can be asked.");
  }
  if (params !== undefined && !isJsonObject(params)) {
    throw nonsense("The parameters of what the server asks are no object.");
  }
  return { key, method, params };
};

const questionsOf = (requests: Json | undefined): readonly Question[] => {
  if (requests !== undefined && !isJsonObject(requests)) {
    throw nonsense("inputRequests is no object.");
  }
  const entries = Object.entries(requests ?? {});
  if (entries.length > LIMITS.input_requests_max) {
    throw nonsense("The server asks for too much at once.");
  }
  return entries.map(([key, request]) => questionOf(key, request));
};

/** What the result asks for; `undefined` where it is a result. Throws `UpstreamFailure` `nonsense` for what is neither. */
export const wantedBy = (method: string, result: JsonObject | undefined): Wanted | undefined => {
  if (result === undefined || member(result, "resultType") !== "input_required") {
    return undefined;
  }
  if (!MAY_ASK.has(method)) {
    throw nonsense(`A result of ${method} must not ask for input.`);
  }
  const questions = questionsOf(member(result, "inputRequests"));
  const state = member(result, "requestState");
  if (state !== undefined && typeof state !== "string") {
    throw nonsense("requestState is no string.");
  }
  if (questions.length === 0 && state === undefined) {
    throw nonsense("The server needs input and does not say which.");
  }
  return { questions, state };
};

const has = (value: JsonObject, name: string): boolean => Object.hasOwn(value, name);

const declared = (capabilities: JsonObject, name: string): JsonObject | undefined => {
  const value = member(capabilities, name);
  return isJsonObject(value) ? value : undefined;
};

/** The part of its capability that a question needs besides the capability itself, where the client has not declared it. */
const PART_LACKING: Readonly<Record<string, (params: JsonObject, given: JsonObject) => string | undefined>> =
  {
    "sampling/createMessage": (params, given) =>
      (has(params, "tools") || has(params, "toolChoice")) && !has(given, "tools") ? "tools" : undefined,
    "elicitation/create": (params, given) => {
      if (member(params, "mode") === "url") {
        return has(given, "url") ? undefined : "url";
      }
      // 2025-11-25 "Elicitation": a declaration without modes means forms.
      return has(given, "url") && !has(given, "form") ? "form" : undefined;
    },
  };

const CAPABILITY: Readonly<Record<string, string>> = {
  "sampling/createMessage": "sampling",
  "elicitation/create": "elicitation",
  "roots/list": "roots",
};

/** The capabilities that the client would have had to declare to be asked this. */
export const lacking = (question: Question, capabilities: JsonObject): JsonObject | undefined => {
  const name = CAPABILITY[question.method] ?? question.method;
  const given = declared(capabilities, name);
  if (given === undefined) {
    return { [name]: {} };
  }
  const part = PART_LACKING[question.method]?.(question.params ?? {}, given);
  return part === undefined ? undefined : { [name]: { [part]: {} } };
};

/** The parameters as a legacy client knows them. Throws `UpstreamFailure` `nonsense` for an address of no web page. */
const legacyParams = ({ method, params }: Question): JsonObject | undefined => {
  if (method !== "elicitation/create" || params === undefined || member(params, "mode") !== "url") {
    return params;
  }
  const url = member(params, "url");
  if (typeof url !== "string" || !/^https?:\/\//iu.test(url)) {
    throw nonsense("An elicitation names an address that is not of the web.");
  }
  // 2025-11-25 requires an id for `notifications/elicitation/complete`, which may stay out.
  return Object.hasOwn(params, "elicitationId")
    ? params
    : having(params, { elicitationId: ownId("elicitation") });
};

export type Given =
  | { readonly kind: "given"; readonly responses: JsonObject }
  /** The client answered with an error. */
  | { readonly kind: "refused"; readonly method: string }
  | { readonly kind: "late" };

/** Questions of servers to one client, each a request with an id of the bridge's own. */
export class ClientAsks {
  readonly #waiting = new Map<string, (answer: ResponseFrame) => void>();

  /** A client's answer. One that nobody waits for, or no longer, is nobody's. */
  take(answer: ResponseFrame): void {
    if (typeof answer.id === "string") {
      this.#waiting.get(answer.id)?.(answer);
    }
  }

  /** Asks the client all of it, and waits for all. Throws `UpstreamFailure` where the exchange is aborted. */
  async ask(
    questions: readonly Question[],
    exchange: Pick<Exchange, "onInterim" | "signal">,
    ms: number,
  ): Promise<Given> {
    const { promise, resolve } = Promise.withResolvers<Given>();
    const responses = bareObject();
    const open = new Map(
      questions.map((question) => {
        const id = ownId("ask");
        return [id, requestFrame(id, question.method, legacyParams(question))];
      }),
    );
    for (const [index, id] of [...open.keys()].entries()) {
      const { key = "", method = "" } = questions[index] ?? {};
      this.#waiting.set(id, ({ result }) => {
        this.#waiting.delete(id);
        open.delete(id);
        if (result === undefined) {
          resolve({ kind: "refused", method });
          return;
        }
        responses[key] = result;
        if (open.size === 0) {
          resolve({ kind: "given", responses });
        }
      });
    }
    const timer = setTimeout(() => resolve({ kind: "late" }), ms);
    try {
      open.forEach((frame) => void exchange.onInterim(frame));
      return await unlessAborted(promise, exchange.signal);
    } finally {
      clearTimeout(timer);
      for (const id of open.keys()) {
        this.#waiting.delete(id);
        // Nobody waits for this answer any more (2025-11-25 "Cancellation").
        void exchange.onInterim(notificationFrame("notifications/cancelled", { requestId: id }));
      }
    }
  }
}
