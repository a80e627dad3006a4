import { LIMITS } from "../../base/limits.ts";
import type { AgentJob } from "../jobs.ts";
import type { Answered } from "../said.ts";
import type { SimpleStep, Step } from "../scenario.ts";
import { exchange, type Heard } from "./exchange.ts";
import { Reading } from "./reading.ts";
import { messageFor, rawFor, type Outgoing } from "./requests.ts";

interface Told {
  readonly answered: (answered: Answered) => void;
  /** Resolves when it is done. */
  readonly command: (command: readonly string[]) => Promise<void>;
}

/** Does the steps of a scenario, in order, and believes what it reads where a step says so. */
export class Agent {
  readonly #job: AgentJob;
  readonly #told: Told;
  readonly #reading = new Reading();
  /** What steps saved, for the texts of later ones. */
  readonly #saved = new Map<string, string>();
  #done = 0;

  constructor(job: AgentJob, told: Told) {
    this.#job = job;
    this.#told = told;
  }

  async run(): Promise<void> {
    for (const step of this.#job.steps) {
      await this.#step(step);
    }
  }

  async #step(step: Step): Promise<void> {
    if (!("repeat" in step)) {
      return this.#simple(step);
    }
    const rounds = Array.from({ length: step.repeat });
    const round = async (): Promise<void> => {
      for (const each of step.steps) {
        await this.#simple(each);
      }
    };
    if (step.together === true) {
      for (let from = 0; from < rounds.length; from += LIMITS.attack_together_max) {
        await Promise.all(rounds.slice(from, from + LIMITS.attack_together_max).map(round));
      }
      return;
    }
    for (let count = 0; count < step.repeat; count += 1) {
      await round();
    }
  }

  async #simple(step: SimpleStep): Promise<void> {
    this.#done += 1;
    if (this.#done > LIMITS.attack_steps_max) {
      throw new Error("too many steps");
    }
    if ("command" in step) {
      await this.#told.command(step.command);
    } else if ("obey" in step) {
      await this.#obey(step.as, step.on);
    } else {
      const outgoing = "http" in step ? rawFor(step, this.#words(step)) : messageFor(step, this.#words(step));
      const heard = await this.#send(outgoing, step.as);
      if ("http" in step && step.save !== undefined) {
        this.#saved.set(step.save.as, found(heard, step.save));
      }
    }
  }

  /** Does what it has read, and what it reads while doing so. */
  async #obey(as: string | undefined, on: string | undefined): Promise<void> {
    for (let count = 0; count < LIMITS.attack_obeyed_max; count += 1) {
      const order = this.#reading.next();
      if (order === undefined) {
        return;
      }
      const { server = "", tool } = order;
      // Names of tools may have a slash, too.
      const known = this.#job.servers.includes(server);
      const call = server === "" || known ? tool : `${server}/${tool}`;
      const step = { as, on: known ? server : on, call, arguments: order.arguments };
      await this.#send(messageFor(step, this.#words(step)), as);
    }
  }

  async #send(outgoing: Outgoing, as = "agent"): Promise<Heard> {
    const heard = await exchange(this.#job.base, outgoing);
    this.#reading.take(heard.text);
    const { status, bytes, text } = heard;
    this.#told.answered({
      kind: "answer",
      as,
      asked: outgoing.asked,
      ...(status === undefined ? {} : { status }),
      bytes,
      text: text.slice(0, LIMITS.attack_kept_characters_max),
    });
    return heard;
  }

  /** What words between braces mean in the texts of a step. */
  #words({ as = "agent", on }: { readonly as?: string | undefined; readonly on?: string | undefined }) {
    const { base, servers, tokens } = this.#job;
    const server = on ?? servers[0] ?? "";
    return new Map<string, string>([
      ["host", new URL(base).host],
      ["path", `/mcp/${server}`],
      ["token", tokens[as] ?? ""],
      ...Object.entries(tokens).map(([grant, token]) => [`token:${grant}`, token] as const),
      ...servers.map((name) => [`url:${name}`, `${base}/mcp/${name}`] as const),
      ...this.#saved,
    ]);
  }
}

type Save = NonNullable<Extract<SimpleStep, { http: unknown }>["save"]>;

const found = ({ headers, text }: Heard, { header, after = "", before }: Save): string => {
  const value = header === undefined ? text : (headers[header.toLowerCase()] ?? "");
  const [, rest = ""] = after === "" ? ["", value] : value.split(after, 2);
  return before === undefined ? rest : (rest.split(before, 1)[0] ?? "");
};
