import { withMember } from "../base/json-change.ts";
import { member } from "../base/json-value.ts";
import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { writeJson } from "../base/json-write.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";
import type { Link } from "./link.ts";

interface Asked {
  readonly link: Link;
  readonly id: RequestId;
  readonly sentId: RequestId;
  /** The server no longer waits for the client. */
  readonly go: () => void;
}

/**
 * What servers have asked of one client and it has not answered yet. Ids go as the servers wrote them, unless another
 * server's question has the same: then the later one's is replaced, and put back in the answer.
 */
export class Asks {
  readonly #open = new Map<string, Asked>();
  #next = 1;

  /** The question as the client gets it, and from now on the server waits for it; `undefined` where it has too many to answer already. */
  put(link: Link, frame: RequestFrame, stopClocks: () => () => void): JsonObject | undefined {
    if (this.#open.size >= LIMITS.asks_max) {
      return undefined;
    }
    let sentId: RequestId = frame.id;
    while (this.#open.has(writeJson(sentId))) {
      sentId = `tollgate:${String(this.#next)}`;
      this.#next += 1;
    }
    this.#open.set(writeJson(sentId), { link, id: frame.id, sentId, go: stopClocks() });
    return sentId === frame.id ? frame.value : withMember(frame.value, "id", sentId);
  }

  /** Whose question this answers, and the answer as that server expects it. A client answers only what it was asked. */
  take(frame: ResponseFrame): { readonly link: Link; readonly frame: ResponseFrame } | undefined {
    const key = frame.id === undefined ? undefined : writeJson(frame.id);
    const asked = key === undefined ? undefined : this.#open.get(key);
    if (key === undefined || asked === undefined) {
      return undefined;
    }
    this.#close(key, asked);
    const { link, id, sentId } = asked;
    return {
      link,
      frame: sentId === id ? frame : { ...frame, id, value: withMember(frame.value, "id", id) },
    };
  }

  /** A server's word that it no longer waits, as the client knows the question. */
  withdrawn(link: Link, frame: NotificationFrame): JsonObject {
    const id = frame.params === undefined ? undefined : member(frame.params, "requestId");
    const asked = [...this.#open.values()].find(
      (each) => each.link === link && id !== undefined && writeJson(each.id) === writeJson(id),
    );
    if (asked === undefined || frame.params === undefined) {
      return frame.value;
    }
    this.#close(writeJson(asked.sentId), asked);
    return asked.sentId === asked.id
      ? frame.value
      : withMember(frame.value, "params", withMember(frame.params, "requestId", asked.sentId));
  }

  #close(key: string, { go }: Asked): void {
    this.#open.delete(key);
    go();
  }

  /** The links whose questions are open: where a client's progress may be meant to go. */
  links(): ReadonlySet<Link> {
    return new Set([...this.#open.values()].map(({ link }) => link));
  }

  /** The link is gone, and with it whoever waits. */
  forget(link: Link): void {
    for (const [key, asked] of this.#open) {
      if (asked.link === link) {
        this.#close(key, asked);
      }
    }
  }
}
