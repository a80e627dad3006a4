import { setImmediate as nextTurn } from "node:timers/promises";
import { keyedArgs, keyedHash } from "../audit/redact.ts";
import { systemClock } from "../base/clock.ts";
import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import { grantHandlers } from "../control/commands/grants.ts";
import { serveControl } from "../control/socket-server.ts";
import type { Gate, PolicyInForce } from "../gateway/gate.ts";
import { StateBook, TaskBook } from "../gateway/books.ts";
import type { Desk } from "../gateway/desk.ts";
import { InFlight } from "../gateway/in-flight.ts";
import { maskFrame } from "../gateway/mask-frame.ts";
import { announceListChanges } from "../gateway/lists-changed.ts";
import { Sessions } from "../gateway/session.ts";
import { Subscriptions } from "../gateway/subscriptions.ts";
import type { MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { openStore, placesIn, type Store } from "../store/open.ts";
import { openCounters, saveCheckpoint } from "./checkpoint.ts";
import { Checkpoints } from "./checkpoints.ts";
import { adoptLimits } from "./counters.ts";
import type { Loaded } from "./load.ts";
import { noteIn } from "./note.ts";
import { OpenCharges } from "./open-charges.ts";
import { Retention } from "./retention.ts";
import { createStrangers } from "./strangers.ts";
import { World } from "./world.ts";

const SWEEP_MS = 1_000;

interface EngineOptions {
  readonly loaded: Loaded;
  readonly dataDirectory: string;
  readonly compileSchema: SchemaCompiler;
  readonly log: Log;
  readonly version: string;
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
}

/** Opens the store, counts what was admitted, and builds the gate. Throws `DataDirectoryHeld` and what opening throws. */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  const { loaded, dataDirectory, log } = options;
  await using opened = new AsyncDisposableStack();
  const store = opened.use(storeOf(options));
  store.journal.notes.forEach((note) => log.warn(note));
  const place = { directory: dataDirectory, key: store.auditKey };
  const counters = openCounters(place, store.journal, limitsOf(loaded.policies), log);
  const charges = new OpenCharges();
  const state = { stopping: false, limits: loaded.config.gateway.limits };
  const inFlight = new InFlight(() => state.limits.callsInFlight);
  opened.use(
    new Checkpoints({
      save: () => saveCheckpoint(place, store.journal, counters, charges),
      head: store.journal.head,
      log,
    }),
  );
  const sessions = new Sessions(() => state.limits.sessions);
  const subscriptions = new Subscriptions();
  const world = opened.use(worldOf(options, store, { sessions, subscriptions }));
  opened.use(retentionOf(options, store, world));
  const gate = gateOf(options, { store, counters, charges, world, stopping: () => state.stopping });
  opened.use(await serveControl(dataDirectory, handlersOf(world, store)));
  const timer = setInterval(() => void world.sweep(), SWEEP_MS);
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
      openStreams: new InFlight(() => state.limits.openStreams),
      subscriptions,
      books: { states: new StateBook(), tasks: new TaskBook() },
      mask: (frame) => maskFrame(frame, world.masker),
    },
    world,
    store,
    publish: async (next) => {
      // In a turn of its own no call is between its charge and its record, so the journal has all that counts.
      await nextTurn();
      adoptLimits(counters, limitsOf(next.policies), (wanted) => store.journal.read(wanted));
      state.limits = next.config.gateway.limits;
      await world.publish(next.config, next.policies);
      note("config.reload", { servers: next.config.servers.length, grants: next.config.grants.length });
    },
    stop: () => {
      state.stopping = true;
      subscriptions.endAll();
    },
    note,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

const storeOf = ({ loaded: { config }, dataDirectory, log }: EngineOptions): Store =>
  openStore({
    dataDirectory,
    sqlitePath: config.store.sqlitePath,
    durability: config.audit.durability,
    clock: systemClock,
    onFault: (message) => log.warn(message),
  });

const worldOf = (
  options: EngineOptions,
  store: Store,
  talks: Pick<Desk, "sessions" | "subscriptions">,
): World => {
  const { loaded, compileSchema, log, version } = options;
  return new World(loaded.config, loaded.policies, {
    clock: systemClock,
    log,
    compileSchema,
    version,
    grants: store.grants,
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

const retentionOf = ({ dataDirectory, log }: EngineOptions, store: Store, world: World): Retention =>
  new Retention({
    ...store,
    directory: placesIn(dataDirectory).journal,
    keep: () => world.config.audit.retention,
    clock: systemClock,
    log,
  });

interface Parts {
  readonly store: Store;
  readonly counters: MemoryCounters;
  readonly charges: OpenCharges;
  readonly world: World;
  readonly stopping: () => boolean;
}

const gateOf = ({ compileSchema, log, version }: EngineOptions, parts: Parts): Gate => {
  const { store, counters, charges, world, stopping } = parts;
  return {
    snapshot: world.snapshot,
    clock: systemClock,
    counters: charges.counters(counters),
    ledger: charges.ledger(store.journal),
    redaction: {
      args: (args) =>
        keyedArgs(args, world.config.audit.arguments === "full" ? "full" : "keys", store.auditKey),
      session: (id) => keyedHash(id, store.auditKey),
    },
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

const handlersOf = (world: World, store: Store): ReturnType<typeof grantHandlers> =>
  grantHandlers({
    store: store.grants,
    ledger: store.journal,
    declared: () => ({
      grants: world.config.grants,
      identities: world.config.identities,
      servers: world.config.servers.map(({ spec }) => spec.name),
      policies: world.config.policies.map(({ name }) => name),
    }),
    clock: systemClock,
    by: "local",
    publish: () => world.publishGrants(),
  });
