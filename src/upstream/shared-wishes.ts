import { member } from "../base/json-value.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { RequestFrame, RequestId } from "../wire/frame.ts";
import { isLogLevel } from "../wire/log-levels.ts";
import { resultFrame } from "../wire/make-frame.ts";
import { withDeep } from "./calls.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Exchange } from "./port.ts";
import type { SharedClient } from "./shared-client.ts";
import { Levels } from "./shared-levels.ts";
import { Subscriptions } from "./shared-subscriptions.ts";
import { Turns } from "./shared-turns.ts";

export type Ask = (client: SharedClient, frame: RequestFrame, exchange: Exchange) => Promise<Answer>;

interface WishTools {
  readonly forward: Ask;
  /** A request of our own. Whether the server did it. */
  readonly own: (method: string, params: JsonObject) => Promise<boolean>;
}

/** What changes of one thing wait for each other. */
const LEVEL = "level";
const RESOURCE = "resource ";

/** What clients of a shared process want to be told. The server knows only the sum of it. */
export class Wishes {
  readonly #forward: Ask;
  readonly #own: WishTools["own"];
  readonly #levels = new Levels();
  readonly #subscriptions = new Subscriptions();
  readonly #turns = new Turns();
  readonly #byMethod: ReadonlyMap<string, Ask>;

  constructor({ forward, own }: WishTools) {
    this.#forward = forward;
    this.#own = own;
    this.#byMethod = new Map([
      ["resources/subscribe", this.#subscribe],
      ["resources/unsubscribe", this.#unsubscribe],
      ["logging/setLevel", this.#setLevel],
    ]);
  }

  /** What is done with a request of this method, where that is not just to forward it. */
  of(method: string): Ask | undefined {
    return this.#byMethod.get(method);
  }

  /** Whether an update of this resource is for this client. */
  hasSubscribed(client: SharedClient, uri: unknown): boolean {
    return this.#subscriptions.has(client, uri);
  }

  /** Whether a log message of this level is for this client. */
  admits(client: SharedClient, level: unknown): boolean {
    return this.#levels.admits(client, level);
  }

  /** A client that left, or gave up, while others had their turn asks for nothing any more. */
  #inTurn(key: string, { signal }: Exchange, task: () => Promise<Answer>): Promise<Answer> {
    const { promise, reject } = Promise.withResolvers<Answer>();
    const onAbort = (): void => reject(new UpstreamFailure("never_ran", "Cancelled before it was sent."));
    signal.addEventListener("abort", onAbort, { once: true });
    const turn = this.#turns.take(key, async () => {
      signal.removeEventListener("abort", onAbort);
      return signal.aborted ? promise : task();
    });
    return Promise.race([turn, promise]);
  }

  readonly #subscribe: Ask = (client, frame, exchange) => {
    const uri = uriOf(frame);
    return this.#inTurn(RESOURCE + uri, exchange, async () => {
      const isFirst = !this.#subscriptions.any(uri);
      // Before the server knows: what it tells at once must find the client.
      if (!this.#subscriptions.add(uri, client)) {
        throw new UpstreamFailure("never_ran", "The client has too many subscriptions.");
      }
      if (!isFirst) {
        return ownAnswer(frame.id);
      }
      const answer = await this.#forward(client, frame, exchange).catch((error: unknown) => {
        this.#subscriptions.remove(uri, client);
        throw error;
      });
      if (answer.frame.result === undefined) {
        this.#subscriptions.remove(uri, client);
      }
      return answer;
    });
  };

  readonly #unsubscribe: Ask = (client, frame, exchange) => {
    const uri = uriOf(frame);
    return this.#inTurn(RESOURCE + uri, exchange, async () => {
      this.#subscriptions.remove(uri, client);
      return this.#subscriptions.any(uri) ? ownAnswer(frame.id) : this.#forward(client, frame, exchange);
    });
  };

  readonly #setLevel: Ask = (client, frame, exchange) => {
    const level = frame.params && member(frame.params, "level");
    if (!isLogLevel(level)) {
      return this.#forward(client, frame, exchange);
    }
    return this.#inTurn(LEVEL, exchange, async () => {
      const before = this.#levels.of(client);
      this.#levels.set(client, level);
      const wanted = this.#levels.wanted() ?? level;
      if (wanted === this.#levels.told) {
        return ownAnswer(frame.id);
      }
      const value = wanted === level ? frame.value : withDeep(frame.value, ["params", "level"], wanted);
      const answer = await this.#forward(client, { ...frame, value }, exchange).catch((error: unknown) => {
        this.#levels.set(client, before);
        throw error;
      });
      if (answer.frame.result === undefined) {
        this.#levels.set(client, before);
      } else {
        this.#levels.told = wanted;
      }
      return answer;
    });
  };

  /** The client has left: the server is told of what nobody wants any more. */
  release(client: SharedClient): void {
    for (const uri of this.#subscriptions.of(client)) {
      void this.#turns.take(RESOURCE + uri, async () => {
        this.#subscriptions.remove(uri, client);
        if (!this.#subscriptions.any(uri)) {
          await this.#own("resources/unsubscribe", { uri });
        }
      });
    }
    void this.#turns.take(LEVEL, async () => {
      this.#levels.set(client, undefined);
      const level = this.#levels.wanted();
      if (level !== undefined && level !== this.#levels.told) {
        const isDone = await this.#own("logging/setLevel", { level });
        this.#levels.told = isDone ? level : this.#levels.told;
      }
    });
  }
}

const uriOf = ({ params }: RequestFrame): string => {
  const uri = params && member(params, "uri");
  return typeof uri === "string" ? uri : "";
};

const ownAnswer = (id: RequestId): Answer => ({ frame: resultFrame(id, {}), httpStatus: null, bytes: 0 });
