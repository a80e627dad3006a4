import { codeOf, type Dice } from "./support.ts";
import type { Gateway } from "../support/gateway.ts";

/** A call as its client has it. */
export interface Sent {
  /** The argument `text`: the call's name in every journal. */
  readonly text: string;
  readonly grant: string;
  readonly tool: string;
  readonly amount: number;
  /** How it was answered, or `cut` where the connection broke before it was. */
  readonly answer: string | number;
}

/** Grants of the load, and whose they are. */
export const GRANTS = { one: "agent", two: "agent", three: "other" } as const;
type GrantName = keyof typeof GRANTS;

/** Seconds of the sliding window. */
const SLIDING_SECONDS = 5;

interface LimitOf {
  readonly counter: string;
  readonly scope: "grant" | "identity";
  readonly max: number;
  readonly tool: string;
  readonly kind: "sliding" | "minute" | "lifetime";
}

/** Each tool has one kind of window, for the grant and for the identity that has two of them. */
export const limitsOf = (lifetime: number): readonly LimitOf[] => [
  { counter: "slid", scope: "grant", max: 40, tool: "echo", kind: "sliding" },
  { counter: "slid_all", scope: "identity", max: 60, tool: "echo", kind: "sliding" },
  { counter: "paid", scope: "grant", max: 500, tool: "pay", kind: "minute" },
  { counter: "paid_all", scope: "identity", max: 800, tool: "pay", kind: "minute" },
  { counter: "ever", scope: "grant", max: lifetime, tool: "wipe", kind: "lifetime" },
  { counter: "ever_all", scope: "identity", max: Math.floor(lifetime * 1.5), tool: "wipe", kind: "lifetime" },
];

const windowOf = ({ counter, scope, max, kind }: LimitOf): object => {
  const window = kind === "sliding" ? SLIDING_SECONDS : kind;
  return { counter, scope, max, window, ...(kind === "minute" ? { align: "calendar" } : {}) };
};

export const policyOf = (limits: readonly LimitOf[]): object => {
  const rule = (of: string, cost: object = {}): object => ({
    limits: limits.filter(({ tool }) => tool === of).map((limit) => Object.assign(windowOf(limit), cost)),
  });
  return {
    version: "1",
    default: "allow",
    tools: {
      free: { arguments: "any" },
      echo: rule("echo"),
      pay: rule("pay", { increment_from: "args.amount" }),
      wipe: rule("wipe"),
    },
  };
};

const NAMES: readonly [GrantName, ...GrantName[]] = ["one", "two", "three"];
const TOOLS: readonly [string, ...string[]] = ["free", "free", "free", "echo", "echo", "pay", "pay", "wipe"];

/** Calls over several connections until the gateway is gone; the last connection's calls take their time. */
export class Load {
  readonly sent: Sent[] = [];
  readonly #dice: Dice;
  #number = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Ends when the gateway does not answer any more, or `stop` says so. */
  async run(gateway: Gateway, connections: number, stop: () => boolean = () => false): Promise<void> {
    const tools = Array.from({ length: connections }, (_, nth) => (nth === 0 ? "slow" : undefined));
    await Promise.all(tools.map((tool) => this.#connection(gateway, tool, stop)));
  }

  async #connection(gateway: Gateway, always: string | undefined, stop: () => boolean): Promise<void> {
    for (let answer: unknown; answer !== "cut" && !stop();) {
      answer = await this.call(gateway, this.#dice.pick(NAMES), always ?? this.#dice.pick(TOOLS));
    }
  }

  async call(gateway: Gateway, grant: GrantName, tool: string): Promise<string | number> {
    const text = `call ${String((this.#number += 1))}`;
    const amount = tool === "pay" ? this.#dice.between(1, 100) / 4 : 1;
    const answer = await gateway
      .call("witness", grant, tool, { text, amount })
      .then(codeOf)
      .catch(() => "cut");
    this.sent.push({ text, grant, tool, amount, answer });
    return answer;
  }
}

/** Something that was taken from a counter: when, and how much. */
export interface Taken {
  readonly at: number;
  readonly amount: number;
}

const SECOND = 1_000;
const MINUTE = 60_000;

/**
 * The most that any one window holds. `leeway` is by how many milliseconds the times may be late: a sliding window is
 * then shorter by that, and of a calendar minute its first moments are left out, for they may belong to the one before.
 */
export const fullest = (taken: readonly Taken[], kind: LimitOf["kind"], leeway = 0): number => {
  const sorted = taken.toSorted((a, b) => a.at - b.at);
  const sum = (of: readonly Taken[]): number => of.reduce((total, { amount }) => total + amount, 0);
  if (kind === "lifetime") {
    return sum(sorted);
  }
  if (kind === "minute") {
    const minutes = Map.groupBy(
      sorted.filter(({ at }) => at % MINUTE >= leeway),
      ({ at }) => Math.floor(at / MINUTE),
    );
    return Math.max(0, ...[...minutes.values()].map(sum));
  }
  const length = SLIDING_SECONDS * SECOND - leeway;
  return Math.max(
    0,
    ...sorted.map(({ at: from }) => sum(sorted.filter(({ at }) => at >= from && at < from + length))),
  );
};

/** The same for calls that cost one each, by when they were admitted, and a sliding window of so many milliseconds. */
export const fullestSliding = (times: readonly number[], windowMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
