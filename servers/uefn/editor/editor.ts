import { exchange } from "./exchange.ts";
import { find, type Found, type Where } from "./find.ts";
import { notRun, outcomeOf, type Outcome } from "./outcome.ts";
import { SECRET_HEADER } from "./proof.ts";
import { readSecret, type SecretSource } from "./secret.ts";

const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** So many calls may wait for their turn. */
const WAITING_MAX = 100;

const BUSY = notRun("The editor is busy with earlier calls, so this one was not sent. Call again later.");
const OVER = notRun(
  "The time for this call was over before the editor's listener said that it is there, so nothing was sent. The editor may be busy: look at it, and call again.",
);

export interface Command {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * The editor behind its listener. One command at a time: the listener has one thread, and while it waits for the editor
 * it cannot even say that it is there.
 */
export class Editor {
  readonly #where: Where;
  readonly #source: SecretSource;
  #port: number | undefined;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(where: Where, source: SecretSource) {
    this.#where = where;
    this.#source = source;
  }

  /** Until `signal` aborts: what was not sent by then is not sent. */
  async run(command: Command, signal: AbortSignal): Promise<Outcome> {
    if (this.#waiting >= WAITING_MAX) {
      return BUSY;
    }
    this.#waiting += 1;
    const before = this.#last;
    const mine = Promise.withResolvers<void>();
    this.#last = before.then(() => mine.promise);
    try {
      await Promise.race([before, aborted(signal)]);
      return signal.aborted ? BUSY : await this.#send(command, signal);
    } finally {
      this.#waiting -= 1;
      mine.resolve();
    }
  }

  /** Sent again once at most, and only where nobody took the connection: it cannot have run then. */
  async #send(command: Command, signal: AbortSignal): Promise<Outcome> {
    const first = await this.#sendOnce(command, signal);
    if (first !== "refused") {
      return first;
    }
    this.#port = undefined;
    const second = await this.#sendOnce(command, signal);
    return second === "refused" ? outcomeOf({ kind: "refused" }) : second;
  }

  async #sendOnce({ command, params }: Command, signal: AbortSignal): Promise<Outcome | "refused"> {
    const read = readSecret(this.#source);
    if ("problem" in read) {
      return notRun(read.problem);
    }
    const { secret } = read;
    const found = await this.#find(secret, signal);
    if (signal.aborted) {
      return OVER;
    }
    if (found.kind === "none") {
      return notRun(found.problem);
    }
    const body = Buffer.from(JSON.stringify({ command, params }));
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": String(body.length),
      Accept: "application/json",
      ...(secret === undefined ? {} : { [SECRET_HEADER]: secret }),
    };
    const { port } = found;
    const got = await exchange({ port, method: "POST", headers, body, bytesMax: ANSWER_BYTES_MAX, signal });
    return got.kind === "refused" ? "refused" : outcomeOf(got);
  }

  /** Looked for before every command: who was there may be gone, and somebody else be at its port. */
  async #find(secret: string | undefined, signal: AbortSignal): Promise<Found> {
    const found = await find({ where: this.#where, secret }, this.#port, signal);
    this.#port = found.kind === "found" ? found.port : undefined;
    return found;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
