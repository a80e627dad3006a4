import { createSchemaCompiler } from "./catalogue/input-schema.ts";
import { LIMITS } from "./base/limits.ts";
import type { Log } from "./base/log.ts";
import { createHttpEdge, type PlainRoutes } from "./gateway/edge-http.ts";
import { POLICY_SCHEMA } from "./policy/policy-schema.ts";
import { openEngine, type Engine } from "./serve/engine.ts";
import { createHttp, drain, listen } from "./serve/http.ts";
import { load, type LoadFrom } from "./serve/load.ts";
import { watchFiles } from "./serve/watch.ts";

export interface ServeOptions {
  readonly from: LoadFrom;
  readonly dataDirectory: string;
  /** Instead of what the configuration says. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly log: Log;
  readonly version: string;
}

/** A gateway that serves. Disposing stops it: no new requests, what is under way is finished, everything is flushed. */
export interface Running extends AsyncDisposable {
  /** `http://HOST:PORT`. */
  readonly url: string;
  /** Loads the configuration again: all of it or, if anything is wrong, nothing. */
  readonly reload: () => Promise<void>;
}

/** The composition root of the gateway over HTTP: load, open, wire, listen. */
export const serve = async (options: ServeOptions): Promise<Running> => {
  const { from, dataDirectory, log, version } = options;
  const compileSchema = createSchemaCompiler();
  const loaded = load(from, compileSchema);
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await openEngine({ loaded, dataDirectory, compileSchema, log, version }));
  const http = createHttp(createHttpEdge(engine.desk, plainRoutes(engine, version)));
  opened.defer(async () => {
    engine.stop();
    await drain(http, engine.desk.inFlight.drained(), LIMITS.drain_ms);
    engine.note("gateway.stop", null);
  });
  const host = options.host ?? loaded.config.gateway.host;
  const port = await listen(http, host, options.port ?? loaded.config.gateway.port);
  const reload = reloader(engine, options, compileSchema, loaded.config.audit.durability);
  const watching = watchFiles(
    () => engine.world.config.watched,
    () => void reload(),
  );
  opened.defer(() => watching.close());
  engine.note("gateway.start", {
    version,
    servers: loaded.config.servers.length,
    grants: loaded.config.grants.length,
  });
  if (loaded.config.servers.length === 0) {
    log.info("no server is configured: add one under mcpServers in tollgate.json");
  }
  const held = opened.move();
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${String(port)}`,
    reload,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

/** One reload at a time; one that is asked for meanwhile comes after it. */
const reloader = (
  engine: Engine,
  { from, log }: ServeOptions,
  compileSchema: ReturnType<typeof createSchemaCompiler>,
  durability: "process" | "disk",
): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve();
  const once = async (): Promise<void> => {
    try {
      const next = load(from, compileSchema);
      await engine.publish(next);
      log.info("configuration reloaded");
      if (next.config.audit.durability !== durability) {
        log.warn("audit.durability waits for the next start", { now: durability });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      log.error(`the configuration was not reloaded, the one before stays in force\n${reason}`);
    }
  };
  return () => (last = last.then(once));
};

/** For editors: docs/policy.md. */
const POLICY_SCHEMA_TEXT = JSON.stringify(POLICY_SCHEMA);

const plainRoutes = (engine: Engine, version: string): PlainRoutes =>
  new Map([
    [
      "/healthz",
      () => ({ status: 200, body: JSON.stringify({ status: "ok", version, audit: audit(engine) }) }),
    ],
    ["/readyz", () => ready(engine)],
    ["/schema/policy.schema.json", () => ({ status: 200, body: POLICY_SCHEMA_TEXT })],
  ]);

const ready = (engine: Engine): { readonly status: number; readonly body: string } => {
  const stopping = engine.desk.gate.stopping();
  const parts = { audit: audit(engine), heads: engine.headsState(), snapshot: "ok", accepting: !stopping };
  const status = parts.audit === "ok" && !stopping ? "ready" : "not ready";
  // A freeze is somebody's will and no fault: the gateway is ready, and says how many there are.
  const body = JSON.stringify({ status, parts, freezes: engine.world.frozen });
  return { status: status === "ready" ? 200 : 503, body };
};

/** "ok", or in plain words why nothing can be recorded. */
const audit = (engine: Engine): string => {
  const { ok, reason } = engine.store.journal.health();
  return ok ? "ok" : (reason ?? "not writable");
};
