import { RPC } from "../base/rpc-codes.ts";
import { REFUSALS } from "../base/errors.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { jsonEqual } from "../base/json-equal.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Answer, type Exchange } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { errorFrame } from "../wire/make-frame.ts";
import { answerOf } from "./modern-frames.ts";
import { Listen, type Wanted } from "./modern-listen.ts";
import type { AskServer } from "./modern-own.ts";
import { ResourceSubscriptions } from "./modern-resources.ts";

interface ListRow {
  /** The member of the filter. */
  readonly asked: string;
  /** The capability whose `listChanged` says that the server tells of it. */
  readonly capability: string;
  readonly method: string;
}

const LISTS: readonly ListRow[] = [
  { asked: "toolsListChanged", capability: "tools", method: "notifications/tools/list_changed" },
  { asked: "promptsListChanged", capability: "prompts", method: "notifications/prompts/list_changed" },
  { asked: "resourcesListChanged", capability: "resources", method: "notifications/resources/list_changed" },
];

const NOTICES: ReadonlySet<string> = new Set([
  ...LISTS.map(({ method }) => method),
  "notifications/resources/updated",
]);

/** What is told to subscriptions, and to nobody else (2026-07-28 "Subscriptions"). */
export const isNotice = ({ method }: NotificationFrame): boolean => NOTICES.has(method);

const declares = (capabilities: JsonObject, capability: string, part: string): boolean => {
  const declared = member(capabilities, capability);
  return isJsonObject(declared) && member(declared, part) === true;
};

const texts = (value: Json | undefined): readonly string[] | undefined => {
  const items: string[] = [];
  for (const item of isJsonArray(value) ? value : []) {
    if (typeof item !== "string") {
      return undefined;
    }
    items.push(item);
  }
  return value === undefined || isJsonArray(value) ? [...new Set(items)] : undefined;
};

type Reading = { readonly wanted: Wanted } | { readonly fault: string };

const readWanted = (params: JsonObject | undefined, capabilities: JsonObject): Reading => {
  const filter = params === undefined ? undefined : member(params, "notifications");
  if (!isJsonObject(filter)) {
    return { fault: "params.notifications must be an object." };
  }
  const asked = LISTS.filter((row) => Object.hasOwn(filter, row.asked));
  if (asked.some((row) => typeof member(filter, row.asked) !== "boolean")) {
    return { fault: "A member of params.notifications is not of the right type." };
  }
  const uris = texts(member(filter, "resourceSubscriptions"));
  if (uris === undefined || uris.length > LIMITS.listen_resources_max) {
    return { fault: "resourceSubscriptions must be an array of strings, and not too long." };
  }
  const lists = asked.filter(
    (row) => member(filter, row.asked) === true && declares(capabilities, row.capability, "listChanged"),
  );
  return {
    wanted: {
      lists: new Map(lists.map((row) => [row.asked, row.method])),
      uris: declares(capabilities, "resources", "subscribe") ? uris : [],
    },
  };
};

/** `subscriptions/listen` on a legacy session, which has one stream of notices for all. */
export class Subscriptions {
  readonly #capabilities: JsonObject;
  readonly #resources: ResourceSubscriptions;
  readonly #listens = new Set<Listen>();

  /** `capabilities` are the server's. */
  constructor(ask: AskServer, capabilities: JsonObject) {
    this.#capabilities = capabilities;
    this.#resources = new ResourceSubscriptions(ask);
  }

  /** Open until one side ends it. Throws `UpstreamFailure`. */
  async listen(frame: RequestFrame, exchange: Exchange): Promise<Answer> {
    const reading = readWanted(frame.params, this.#capabilities);
    if ("fault" in reading) {
      return answerOf(errorFrame(frame.id, RPC.invalidParams, reading.fault));
    }
    if (this.#listens.size >= LIMITS.listens_max) {
      return answerOf(errorFrame(frame.id, REFUSALS.overloaded.rpc, REFUSALS.overloaded.message));
    }
    const { wanted } = reading;
    const listen = new Listen(frame, exchange, wanted);
    this.#listens.add(listen);
    const asking = wanted.uris.map(async (uri) => ((await this.#resources.acquire(uri)) ? [uri] : []));
    try {
      const ended = listen.ended();
      void Promise.all(asking).then((taken) => listen.acknowledge(taken.flat()));
      return await ended;
    } finally {
      this.#listens.delete(listen);
      wanted.uris.forEach((uri) => this.#resources.release(uri));
    }
  }

  notice(frame: NotificationFrame): void {
    this.#listens.forEach((listen) => listen.notice(frame));
  }

  /** Those that a client's `notifications/cancelled` may mean. */
  withId(id: Json): readonly Listen[] {
    return [...this.#listens].filter((listen) => jsonEqual(listen.id, id));
  }

  /** The gate ends them, in order. */
  complete(): void {
    this.#listens.forEach((listen) => listen.complete());
    this.#resources.end();
  }

  /** The server is gone. */
  fail(reason: string): void {
    this.#listens.forEach((listen) => listen.fail(new UpstreamFailure("lost", reason)));
    this.#resources.end();
  }
}
