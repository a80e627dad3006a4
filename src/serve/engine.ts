import { setImmediate as nextTurn } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { Config } from "../config.ts";
import { serveControl } from "../control/socket-server.ts";
import type { Gate, PolicyInForce } from "../gateway/gate.ts";
import { StateBook, TaskBook } from "../gateway/books.ts";
import type { Desk } from "../gateway/desk.ts";
import { InFlight } from "../gateway/in-flight.ts";
import { maskFrame } from "../gateway/mask-frame.ts";
import { announceListChanges } from "../gateway/lists-changed.ts";
import { Sessions } from "../gateway/session.ts";
import { Subscriptions } from "../gateway/subscriptions.ts";
import type { LimitSpec } from "../meter/port.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { findByRules } from "../secrets/rules.ts";
import { openStore, type Store } from "../store/open.ts";
import { type AdminParts, openAdmin } from "./admin.ts";
import { findInTurns } from "./find-in-turns.ts";
import type { Loaded } from "./load.ts";
import { noteIn } from "./note.ts";
import { holdFreezes } from "./held-freezes.ts";
import { holdMarks } from "./held-marks.ts";
import { holdOverrides } from "./held-overrides.ts";
import { keepRecord, type Keeping } from "./keeping.ts";
import { createRedaction } from "./redaction.ts";
import { createStrangers } from "./strangers.ts";
import { World } from "./world.ts";

const SWEEP_MS = 1_000;

interface EngineOptions {
  readonly loaded: Loaded;
  readonly dataDirectory: string;
  readonly compileSchema: SchemaCompiler;
  readonly log: Log;
  readonly version: string;
  /** Names of grants that are not in the configuration: of pipes, whose holders need no token. */
  readonly pipes?: readonly string[];
}

/** The gate with all it works with, but without a face: HTTP and stdio are put in front of its desk. */
export interface Engine extends AsyncDisposable {
  readonly desk: Desk;
  readonly world: World;
  readonly store: Store;
  /** Puts another configuration in force. */
  readonly publish: (loaded: Loaded) => Promise<void>;
  /** From now on new requests are refused. */
  readonly stop: () => void;
  /** Writes an administrative act into the record. */
  readonly note: (act: string, after: JsonObject | null) => void;
  /** Whether the newest signed head is kept wherever it should be. */
  readonly headsState: Keeping["headsState"];
}

/** Opens the store, counts what was admitted, and builds the gate. Throws `DataDirectoryHeld` and what opening throws. */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  const { loaded, dataDirectory, log } = options;
  await using opened = new AsyncDisposableStack();
  const store = opened.use(storeOf(options));
  store.journal.notes.forEach((note) => log.warn(note));
  const state = { stopping: false };
  let config = (): Config => loaded.config;
  const limits = limitsOf(loaded.policies);
  const keeping = opened.use(keepRecord({ store, dataDirectory, limits, audit: () => config().audit, log }));
  const inFlight = new InFlight(() => config().gateway.limits.callsInFlight);
  const sessions = new Sessions(() => config().gateway.limits.sessions);
  const subscriptions = new Subscriptions();
  const freezes = holdFreezes(store.freezes);
  const grants = holdMarks(store.grants);
  const overrides = holdOverrides(store.overrides);
  const world = opened.use(
    worldOf(options, { store, freezes, grants, overrides }, { sessions, subscriptions }),
  );
  config = () => world.config;
  const gate = gateOf(options, { store, keeping, world, stopping: () => state.stopping });
  const admin = openAdmin({ store, freezes, grants, overrides, world, pipes: options.pipes ?? [] });
  opened.use(await serveControl(dataDirectory, admin.handlers));
  await admin.sweep();
  const timer = setInterval(() => void Promise.all([world.sweep(), admin.sweep()]), SWEEP_MS);
  timer.unref();
  opened.defer(() => clearInterval(timer));
  const note = (act: string, after: JsonObject | null): void => noteIn(store.journal, log, act, after);
  const held = opened.move();
  return {
    desk: {
      gate,
      sessions,
      inFlight,
      passing: new InFlight(() => LIMITS.passing_messages_max),
      openStreams: new InFlight(() => config().gateway.limits.openStreams),
      subscriptions,
      books: { states: new StateBook(), tasks: new TaskBook() },
      mask: (frame) => maskFrame(frame, world.masker),
    },
    world,
    store,
    publish: async (next) => {
      // In a turn of its own no call is between its charge and its record, so the journal has all that counts.
      await nextTurn();
      keeping.adopt(limitsOf(next.policies));
      await world.publish(next.config, next.policies);
      note("config.reload", { servers: next.config.servers.length, grants: next.config.grants.length });
    },
    stop: () => {
      state.stopping = true;
      subscriptions.endAll();
    },
    note,
    headsState: keeping.headsState,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

const storeOf = ({ loaded: { config }, dataDirectory, log }: EngineOptions): Store =>
  openStore({
    dataDirectory,
    sqlitePath: config.store.sqlitePath,
    durability: config.audit.durability,
    clock: systemClock,
    search: true,
    onFault: (message) => log.warn(message),
  });

const worldOf = (
  options: EngineOptions,
  { store, freezes, grants, overrides }: Pick<AdminParts, "store" | "freezes" | "grants" | "overrides">,
  talks: Pick<Desk, "sessions" | "subscriptions">,
): World => {
  const { loaded, compileSchema, log, version } = options;
  return new World(loaded.config, loaded.policies, {
    clock: systemClock,
    log,
    compileSchema,
    version,
    grants,
    freezes,
    overrides,
    sessions: talks.sessions,
    onGrants: (event, grants) => {
      if (event === "ended") {
        grants.forEach((grant) => talks.subscriptions.endGrant(grant));
      } else {
        announceListChanges(talks, grants);
      }
    },
    onChanged: ({ server, tool, before, after }) => {
      log.warn("a tool's definition changed", { server, tool });
      noteIn(store.journal, log, "tool.changed", { server, tool, before, after });
    },
  });
};

interface Parts {
  readonly store: Store;
  readonly keeping: Keeping;
  readonly world: World;
  readonly stopping: () => boolean;
}

const gateOf = ({ compileSchema, log, version }: EngineOptions, parts: Parts): Gate => {
  const { store, keeping, world, stopping } = parts;
  return {
    snapshot: world.snapshot,
    clock: systemClock,
    counters: keeping.counters,
    ledger: keeping.ledger,
    redaction: createRedaction({
      key: store.auditKey,
      audit: () => world.config.audit,
      masker: () => world.masker,
      find: findInTurns(findByRules),
      log,
    }),
    compileSchema,
    log,
    version,
    stopping,
    bodyBytesMax: () => world.config.gateway.limits.bodyBytes,
    onStranger: createStrangers(log, systemClock.now),
  };
};

const limitsOf = (policies: ReadonlyMap<string, PolicyInForce>): readonly LimitSpec[] =>
  [...policies.values()].flatMap(({ set }) => set.limits);
