import { exchange, type Exchange } from "./exchange.ts";
import { isObject, jsonOf } from "./json.ts";
import { NONCE_HEADER, newNonce, proves } from "./proof.ts";

// Where the editor's listener is, and whether it is the editor's.

/** Where to look: one port that a person named, or a range. */
export type Where =
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "range"; readonly from: number; readonly to: number };

export interface Search {
  readonly where: Where;
  readonly secret: string | undefined;
}

export type Found =
  | { readonly kind: "found"; readonly port: number }
  | { readonly kind: "none"; readonly problem: string };

type Probe =
  /** Nothing is there. */
  | "silent"
  /** Somebody is there and does not answer. */
  | "late"
  /** Somebody else. */
  | "stranger"
  /** It says what a listener says, and cannot show that it knows the secret. */
  | "unproven"
  | "listener";

/** Each port of a range. */
const RANGE_MS = 1_000;
/** A port where the editor is known to be: it may be busy. */
const KNOWN_MS = 5_000;
const STATUS_BYTES_MAX = 1024 * 1024;

const START =
  "Open the project in UEFN, start the listener inside the editor, and call again. If it listens elsewhere, start this server with --editor-port N.";
const CHOOSE =
  "Start this server with --editor-port N, or with a secret that the editor's listener knows (--secret-file FILE or UEFN_SECRET).";

/** Asks one port who it is. The secret itself is not told here: who could not prove it would know it then. */
const probe = async (
  port: number,
  { where, secret }: Search,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Probe> => {
  const nonce = newNonce();
  const headers = { Accept: "application/json", ...(secret === undefined ? {} : { [NONCE_HEADER]: nonce }) };
  const got = await exchange({
    port,
    method: "GET",
    headers,
    timeoutMs,
    bytesMax: STATUS_BYTES_MAX,
    signal,
  });
  if (got.kind !== "answered") {
    return UNANSWERED[got.kind];
  }
  const body = got.status === 200 ? jsonOf(got.body) : undefined;
  if (!isStatus(body) || (where.kind === "range" && body.port !== port)) {
    return "stranger";
  }
  return secret === undefined || proves(body.proof, secret, nonce, port) ? "listener" : "unproven";
};

const UNANSWERED = {
  refused: "silent",
  unreachable: "silent",
  late: "late",
  cut: "stranger",
  "too-large": "stranger",
} as const satisfies Record<Exclude<Exchange["kind"], "answered">, Probe>;

interface Status {
  readonly status: "ok";
  readonly port: number;
  readonly commands: readonly string[];
  readonly proof?: unknown;
}

const isStatus = (body: unknown): body is Status =>
  isObject(body) &&
  body["status"] === "ok" &&
  Number.isInteger(body["port"]) &&
  Array.isArray(body["commands"]) &&
  body["commands"].every((command) => typeof command === "string");

/** `known`: where it was last. It is asked first, and alone: where nobody listens, Windows lets the asker wait. */
export const find = async (
  search: Search,
  known: number | undefined,
  signal: AbortSignal,
): Promise<Found> => {
  const { where } = search;
  if (where.kind === "port") {
    return findAt(where.port, search, signal);
  }
  return known !== undefined && (await probe(known, search, KNOWN_MS, signal)) === "listener"
    ? { kind: "found", port: known }
    : findIn(where, search, signal);
};

const findAt = async (port: number, search: Search, signal: AbortSignal): Promise<Found> => {
  const seen = await probe(port, search, KNOWN_MS, signal);
  if (seen === "listener") {
    return { kind: "found", port };
  }
  return { kind: "none", problem: AT_PORT[seen](port) };
};

const AT_PORT = {
  silent: (port) => `No editor listens on port ${String(port)} of this machine. ${START}`,
  late: (port) =>
    `Port ${String(port)} took the connection and did not answer in ${String(KNOWN_MS / 1000)} s: the editor may be busy or hang. Look at the editor, and call again.`,
  stranger: (port) =>
    `What answers on port ${String(port)} is not the editor's listener. Give the listener's port with --editor-port N.`,
  unproven: (port) =>
    `What answers on port ${String(port)} does not prove that it knows the secret, so nothing was sent to it. Give the editor's listener the same secret as this server.`,
} satisfies Record<Exclude<Probe, "listener">, (port: number) => string>;

type Range = Where & { readonly kind: "range" };

const findIn = async (range: Range, search: Search, signal: AbortSignal): Promise<Found> => {
  const ports = Array.from({ length: range.to - range.from + 1 }, (_, index) => range.from + index);
  const seen = await Promise.all(
    ports.map(async (port) => ({ port, probe: await probe(port, search, RANGE_MS, signal) })),
  );
  const of: Seen = (...kinds) => seen.filter((one) => kinds.includes(one.probe)).map(({ port }) => port);
  const listeners = of("listener");
  const [port] = listeners;
  if (port === undefined) {
    return { kind: "none", problem: noneProblem(range, of) };
  }
  if (listeners.length > 1) {
    return { kind: "none", problem: severalProblem(listeners) };
  }
  const others = search.secret === undefined ? of("late", "stranger") : [];
  return others.length > 0 ? { kind: "none", problem: othersProblem(port, others) } : { kind: "found", port };
};

/** The ports where it was seen so. */
type Seen = (...kinds: readonly Probe[]) => readonly number[];

const list = (ports: readonly number[]): string => ports.join(", ");

const severalProblem = (listeners: readonly number[]): string =>
  `Several listeners answer (ports ${list(listeners)}), and which is the editor's that is meant cannot be told. Nothing was sent. Start this server with --editor-port N.`;

const othersProblem = (listener: number, others: readonly number[]): string =>
  `On port ${list(others)} something does not answer as the editor's listener does, beside what answers as one on ${String(listener)}, so none is trusted and nothing was sent. ${CHOOSE}`;

const noneProblem = (range: Range, of: Seen): string => {
  const unproven = of("unproven");
  if (unproven.length > 0) {
    return `What answers on port ${list(unproven)} does not prove that it knows the secret, so nothing was sent to it. Give the editor's listener the same secret as this server.`;
  }
  const late = of("late");
  if (late.length > 0) {
    return `Port ${list(late)} took the connection and did not answer in time: the editor may be busy or hang. Look at the editor, and call again.`;
  }
  const strangers = of("stranger");
  const others = strangers.length === 0 ? "" : ` On port ${list(strangers)} something else answers.`;
  return `No editor listens on ports ${String(range.from)} to ${String(range.to)} of this machine.${others} ${START}`;
};
