import { LIMITS } from "../base/limits.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";
import { at, idKey } from "./calls.ts";
import type { SharedClient } from "./shared-client.ts";

interface Asked {
  readonly id: RequestId;
  readonly client: SharedClient;
  /** The token for the client's progress, where the server gave one. */
  readonly token: string | undefined;
}

/** What a shared process has asked of its clients: each can answer only what it was asked itself. */
export class Asks {
  readonly #byId = new Map<string, Asked>();

  /** `false` where it cannot be asked: the id is in use, or too much is asked already. */
  note(frame: RequestFrame, client: SharedClient): boolean {
    const key = idKey(frame.id) ?? "";
    if (this.#byId.has(key) || this.#byId.size >= LIMITS.shared_asks_max) {
      return false;
    }
    const token = idKey(at(frame.value, ["params", "_meta", "progressToken"]));
    this.#byId.set(key, { id: frame.id, client, token });
    return true;
  }

  /** Whether this client was asked that. It is asked no longer. */
  answer(frame: ResponseFrame, client: SharedClient): boolean {
    const key = idKey(frame.id) ?? "";
    return this.#byId.get(key)?.client === client && this.#byId.delete(key);
  }

  /** Whether a client's progress is of something it was asked. */
  owns(frame: NotificationFrame, client: SharedClient): boolean {
    const token = idKey(at(frame.value, ["params", "progressToken"]));
    return (
      token !== undefined &&
      [...this.#byId.values()].some((asked) => asked.client === client && asked.token === token)
    );
  }

  /** The client that a server's cancellation of its own question is for. It is asked no longer. */
  cancel(frame: NotificationFrame): SharedClient | undefined {
    const key = idKey(at(frame.value, ["params", "requestId"])) ?? "";
    const asked = this.#byId.get(key);
    this.#byId.delete(key);
    return asked?.client;
  }

  /** Forgets a question that the client could not be given. */
  forget(frame: RequestFrame): void {
    this.#byId.delete(idKey(frame.id) ?? "");
  }

  /** What this client was asked and will not answer any more. */
  left(client: SharedClient): RequestId[] {
    const open = [...this.#byId].filter(([, asked]) => asked.client === client);
    open.forEach(([key]) => this.#byId.delete(key));
    return open.map(([, { id }]) => id);
  }
}
