import { canonicalJson } from "../base/json-write.ts";
import { member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, OpenOptions, ServerSpec, Upstream } from "./port.ts";
import type { SharedClient } from "./shared-client.ts";
import { answerAs, SharedProcess } from "./shared-process.ts";
import { Launcher } from "./stdio-launch.ts";
import type { Launched } from "./stdio-launch.ts";

interface Begun {
  readonly process: SharedProcess;
  readonly first: SharedClient;
  readonly answer: Answer;
}

/** What the server makes of a client: others with the same may share its process. */
const kindOf = ({ params }: RequestFrame): string =>
  canonicalJson([
    (params && member(params, "protocolVersion")) ?? null,
    (params && member(params, "capabilities")) ?? null,
  ]);

/** A server that is a command, whose clients share a process where they declare the same capabilities. */
export class SharedUpstream implements Upstream {
  readonly spec: ServerSpec;
  readonly #launcher: Launcher;
  readonly #kinds = new Map<string, Promise<Begun>>();
  #modern: Promise<SharedProcess | undefined> | undefined;

  constructor(spec: ServerSpec, options: OpenOptions) {
    this.spec = spec;
    this.#launcher = new Launcher(spec, options);
  }

  async openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer }> {
    const kind = kindOf(initialize);
    for (;;) {
      const known = this.#kinds.get(kind);
      if (known === undefined) {
        const { first, answer } = await this.#begin(kind, initialize);
        return { channel: first, answer };
      }
      const { process, answer } = await known;
      const channel = process.join();
      if (channel !== undefined) {
        return { channel, answer: answerAs(answer, initialize.id) };
      }
    }
  }

  #begin(kind: string, initialize: RequestFrame): Promise<Begun> {
    if (this.#kinds.size >= LIMITS.shared_kinds_max) {
      throw new UpstreamFailure(
        "never_ran",
        `Clients of ${String(LIMITS.shared_kinds_max)} other kinds share this server; there is no room for another.`,
      );
    }
    const beginning: Promise<Begun> = this.#launcher.legacy(initialize).then((launched) => {
      const { answer } = launched;
      const { process, first } = this.#share(launched, () => forget());
      if (answer.frame.result === undefined) {
        process.seal(); // The answer is this client's to read; another asks for itself.
      }
      return { process, first, answer };
    });
    const forget = (): void => {
      if (this.#kinds.get(kind) === beginning) {
        this.#kinds.delete(kind);
      }
    };
    this.#kinds.set(kind, beginning);
    beginning.catch(forget);
    return beginning;
  }

  #share(launched: Launched, onOver: () => void): { process: SharedProcess; first: SharedClient } {
    const note = (text: string): void => this.#launcher.tail.note(text);
    const process = new SharedProcess(launched, { spec: this.spec, note, onOver });
    const first = process.join();
    if (first === undefined) {
      throw new UpstreamFailure("lost", "The server ended at once.");
    }
    process.begin();
    return { process, first };
  }

  async openModern(): Promise<Channel | undefined> {
    for (;;) {
      const known = this.#modern;
      if (known === undefined) {
        return this.#beginModern();
      }
      const process = await known;
      const client = process?.join();
      if (process === undefined || client !== undefined) {
        return client;
      }
    }
  }

  async #beginModern(): Promise<Channel | undefined> {
    let first: SharedClient | undefined;
    const beginning = this.#launcher.modern().then((launched) => {
      if (launched === undefined) {
        return undefined;
      }
      const shared = this.#share(launched, () => forget());
      first = shared.first;
      return shared.process;
    });
    const forget = (): void => {
      if (this.#modern === beginning) {
        this.#modern = undefined;
      }
    };
    this.#modern = beginning;
    try {
      if ((await beginning) === undefined) {
        forget();
      }
      return first;
    } catch (error) {
      forget();
      throw error;
    }
  }

  stderrTail(): string {
    return this.#launcher.stderrTail();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#launcher[Symbol.asyncDispose]();
  }
}
