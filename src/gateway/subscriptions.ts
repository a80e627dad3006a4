import { having } from "../base/json-change.ts";
import {
  bareObject,
  isJsonArray,
  isJsonObject,
  member,
  type Json,
  type JsonObject,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { resultReply } from "../wire/replies.ts";
import type { Frame, NotificationFrame, RequestId } from "../wire/frame.ts";
import { META } from "../wire/revisions.ts";
import { notificationFrame } from "../wire/make-frame.ts";
import type { AskedRequest } from "./ask.ts";
import type { Audience } from "./deliver.ts";
import { deliver } from "./deliver.ts";

const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

/** One server's part in a subscription. */
interface Part {
  /** Takes what the server says on it. */
  readonly hear: (frame: Frame, to: Audience) => Promise<void> | undefined;
  /** The server has answered, whatever it was; once. */
  readonly settle: () => void;
}

/** The lists whose changes the gate itself knows of: what a policy shows of them may change. */
export const LIST_CHANGES = {
  toolsListChanged: "notifications/tools/list_changed",
  promptsListChanged: "notifications/prompts/list_changed",
  resourcesListChanged: "notifications/resources/list_changed",
} as const;

const LISTS = ["toolsListChanged", "promptsListChanged", "resourcesListChanged"] as const;

/**
 * A client's `subscriptions/listen` (2026-07-28 "Subscriptions"): one stream, which hears of one server or of several,
 * and of the gate. The acknowledgement comes first, and says what all of them agreed to.
 */
export class Subscription {
  readonly grant: string;
  readonly #id: RequestId;
  readonly #wanted: JsonObject;
  readonly #say: (text: string) => Promise<void> | undefined;
  /** How many servers have not answered yet. */
  #pending: number;
  #acknowledged: JsonObject | undefined;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #isOpen = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(asked: AskedRequest, servers: number) {
    this.grant = asked.identified.grant.name;
    this.#id = asked.sent.id;
    this.#say = asked.identified.received.arrival.sink.interim;
    this.#pending = servers;
    this.#wanted = filterIn(asked.sent.params);
  }

  /** One of the servers, by the parameters that it gets. */
  join(params: JsonObject | undefined): Part {
    const filter = filterIn(params);
    let isPending = true;
    const settle = (): void => {
      if (isPending) {
        isPending = false;
        this.#settled();
      }
    };
    const hear = (frame: Frame, to: Audience): Promise<void> | undefined => {
      if (frame.kind !== "notification") {
        return deliver(frame, to);
      }
      if (frame.method !== ACKNOWLEDGED) {
        return deliver(this.#marked(frame), { ...to, say: (text) => this.#tell(text) });
      }
      if (isPending) {
        const agreed = agreedOf(filter, filterIn(frame.params));
        this.#acknowledged = merged(this.#acknowledged ?? bareObject(), agreed);
      }
      settle();
      return undefined;
    };
    return { hear, settle };
  }

  /** What a server says here is marked as said here (2026-07-28 "Subscriptions"), even where the server forgot. */
  #marked(frame: NotificationFrame): NotificationFrame {
    const { params = bareObject() } = frame;
    const before = member(params, "_meta");
    const _meta = having(isJsonObject(before) ? before : {}, { [META.subscriptionId]: this.#id });
    const marked = having(params, { _meta });
    return { ...frame, params: marked, value: having(frame.value, { params: marked }) };
  }

  /** One server has agreed, or will not. When none is waited for any more, the client is told what holds. */
  #settled(): void {
    this.#pending -= 1;
    if (this.#pending > 0) {
      return;
    }
    this.#isOpen = true;
    void this.#say(writeJson(this.#acknowledgement()));
    this.#waiting.forEach((text) => void this.#say(text));
    this.#waiting = [];
  }

  #acknowledgement(): JsonObject {
    const agreed = bareObject();
    for (const [name, value] of Object.entries(this.#acknowledged ?? bareObject())) {
      const wanted = member(this.#wanted, name);
      // In the client's order, whichever server was first.
      agreed[name] = isJsonArray(wanted) && isJsonArray(value) ? shared(wanted, value) : value;
    }
    for (const list of LISTS) {
      if (member(this.#wanted, list) === true) {
        agreed[list] = true;
      }
    }
    return this.#notification(ACKNOWLEDGED, { notifications: agreed });
  }

  #notification(method: string, params: JsonObject): JsonObject {
    const meta = { [META.subscriptionId]: this.#id };
    return notificationFrame(method, having(params, { _meta: meta })).value;
  }

  /** Nothing is said before the acknowledgement. */
  #tell(text: string): Promise<void> | undefined {
    if (this.#isOpen) {
      return this.#say(text);
    }
    const characters = this.#waitingCharacters + text.length;
    if (this.#waiting.length < LIMITS.waiting_messages_max && characters <= LIMITS.waiting_characters_max) {
      this.#waitingCharacters = characters;
      this.#waiting.push(text);
    }
    return undefined;
  }

  /** What the grant sees of its lists may have changed. */
  listsChanged(): void {
    for (const list of LISTS) {
      if (member(this.#wanted, list) === true) {
        void this.#tell(writeJson(this.#notification(LIST_CHANGES[list], {})));
      }
    }
  }

  /** Settles when the gate ends the subscription. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  end(): void {
    this.#ended.resolve();
  }

  /** The result that says that it ended in good order. */
  result(): string {
    return resultReply(this.#id, { resultType: "complete", _meta: { [META.subscriptionId]: this.#id } });
  }
}

const filterIn = (params: JsonObject | undefined): JsonObject => {
  const filter = params === undefined ? undefined : member(params, "notifications");
  return isJsonObject(filter) ? filter : bareObject();
};

/** Of what a server says it agreed to, what it was asked for: nothing else has been judged. */
const agreedOf = (asked: JsonObject, told: JsonObject): JsonObject => {
  const agreed = bareObject();
  for (const [name, value] of Object.entries(told)) {
    const wanted = member(asked, name);
    if (isJsonArray(wanted) && isJsonArray(value)) {
      agreed[name] = shared(value, wanted);
    } else if (wanted === value) {
      agreed[name] = value;
    }
  }
  return agreed;
};

const shared = (all: readonly Json[], some: readonly Json[]): Json => {
  const known = new Set(some);
  return all.filter((each) => known.has(each));
};

/** What two servers agreed to, taken together: either's list changes, both's resources. */
const merged = (before: JsonObject, now: JsonObject): JsonObject => {
  const whole = having(before, {});
  for (const [name, value] of Object.entries(now)) {
    whole[name] = both(whole[name], value);
  }
  return whole;
};

const both = (before: Json | undefined, now: Json): Json => {
  if (before === undefined || now === true) {
    return now;
  }
  return isJsonArray(before) && isJsonArray(now) ? [...before, ...now] : before;
};

/** The subscriptions that are open. */
export class Subscriptions {
  readonly #open = new Set<Subscription>();

  add(subscription: Subscription): () => void {
    this.#open.add(subscription);
    return () => this.#open.delete(subscription);
  }

  listsChanged(grants: ReadonlySet<string>): void {
    this.#open.forEach((each) => (grants.has(each.grant) ? each.listsChanged() : undefined));
  }

  endGrant(grant: string): void {
    this.#open.forEach((each) => (each.grant === grant ? each.end() : undefined));
  }

  /** The gateway stops. */
  endAll(): void {
    this.#open.forEach((each) => each.end());
  }
}
