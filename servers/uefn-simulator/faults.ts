// Faults on demand: what a real listener does on a bad day, at the command that is named, so many times.

export const FAULT_KINDS = [
  /** The answer comes late. */
  "slow",
  /** The caller gets a time-out; the command stays on the queue and runs afterwards. */
  "504",
  /** The command runs, and the connection is cut before the answer. */
  "cut",
  /** The connection is cut and nothing runs. */
  "cut-before",
  /** The command runs; the answer is no JSON. */
  "garbage",
  /** The command runs; the answer has many MiB. */
  "huge",
  /** `GET /` names another port. */
  "other-port",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** A command or a tool of the registry; `undefined` is any. */
  readonly command: string | undefined;
  readonly times: number;
}

const isKind = (text: string): text is FaultKind => FAULT_KINDS.some((kind) => kind === text);

/** `KIND[:COMMAND][:N]`; `undefined` where it is not that. */
export const parseFault = (text: string): Fault | undefined => {
  const [kind = "", ...rest] = text.split(":");
  const numbered = /^[1-9]\d*$/u.test(rest.at(-1) ?? "");
  const times = numbered ? Number(rest.pop()) : Number.POSITIVE_INFINITY;
  const [command] = rest;
  return isKind(kind) && rest.length <= 1 ? { kind, command: command || undefined, times } : undefined;
};

export class Faults {
  readonly #left: { readonly fault: Fault; times: number }[];

  constructor(faults: readonly Fault[]) {
    this.#left = faults.map((fault) => ({ fault, times: fault.times }));
  }

  /** The fault that this command meets, if any; it is used up by one. */
  take(...names: readonly unknown[]): FaultKind | undefined {
    return this.#use(
      ({ kind, command }) => kind !== "other-port" && (command === undefined || names.includes(command)),
    );
  }

  /** Whether this `GET /` names another port. */
  takeOtherPort(): boolean {
    return this.#use(({ kind }) => kind === "other-port") !== undefined;
  }

  #use(meets: (fault: Fault) => boolean): FaultKind | undefined {
    const found = this.#left.find(({ fault, times }) => times > 0 && meets(fault));
    if (found === undefined) {
      return undefined;
    }
    found.times -= 1;
    return found.fault.kind;
  }
}
