import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { basename, join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import { createSchemaCompiler } from "../catalogue/input-schema.ts";
import { LIMITS } from "../base/limits.ts";
import { socketPath } from "../control/socket-path.ts";
import type { Log } from "../base/log.ts";
import type { Config } from "../config.ts";
import { DEFAULT_AUDIT } from "../config/audit.ts";
import { DEFAULT_LIMITS } from "../config/gateway.ts";
import { serveStdio } from "../gateway/edge-stdio.ts";
import type { Grant } from "../grant/grant.ts";
import { DataDirectoryHeld } from "../store/lock.ts";
import { openEngine, type Engine } from "./engine.ts";
import { ConfigurationInvalid, readText, type Loaded } from "./load.ts";
import { compilePolicies } from "./policies.ts";

export interface WrapOptions {
  readonly policyFile: string;
  /** Of the grant, the identity, the server and the data directory. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDirectory: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly log: Log;
  readonly version: string;
}

/**
 * The same gate for one stdio server, speaking stdio itself. A second wrap on the same data directory goes through
 * the first: limits and record are one, whoever asks. Ends when the input ends.
 */
export const wrap = async (options: WrapOptions): Promise<void> => {
  const compileSchema = createSchemaCompiler();
  const loaded = loadWrapped(options, compileSchema);
  let engine: Engine;
  try {
    const { dataDirectory, log, version } = options;
    engine = await openEngine({ loaded, dataDirectory, compileSchema, log, version, pipes: [options.name] });
  } catch (error) {
    if (error instanceof DataDirectoryHeld) {
      await throughTheFirst(options, error);
      return;
    }
    throw error;
  }
  await using opened = new AsyncDisposableStack();
  opened.use(engine);
  const face = await listenForOthers(engine, options);
  engine.note("gateway.start", { version: options.version, wrap: options.name });
  await speak(engine, options, options.input, options.output);
  await face.settled();
  engine.stop();
  engine.note("gateway.stop", null);
};

const speak = async (
  engine: Engine,
  { name }: WrapOptions,
  input: Readable,
  output: Writable,
): Promise<void> => {
  const grant = engine.world.snapshot().grant(name, engine.desk.gate.clock.now()) ?? localGrant(engine, name);
  await serveStdio(engine.desk, { input, output, grant, server: name });
};

/** The grant of a wrap has no token: whoever started the process holds the pipe. */
const localGrant = (engine: Engine, name: string): Grant => ({
  name,
  identity: { name, kind: "person", groups: [] },
  servers: [name],
  policy: engine.world.config.policies[0]?.name,
  tokenSha256: undefined,
  expiresAt: undefined,
  timezone: "UTC",
  holdMs: LIMITS.hold_ms,
  source: "file",
});

const loadWrapped = (
  options: WrapOptions,
  compileSchema: ReturnType<typeof createSchemaCompiler>,
): Loaded => {
  const config = configOf(options);
  const { policies, problems } = compilePolicies(config, compileSchema);
  if (problems.length > 0) {
    throw new ConfigurationInvalid(problems);
  }
  return { config, policies };
};

/** Its own environment goes on to the server, but for what is meant for the gate. */
const environmentOf = (env: WrapOptions["env"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      value === undefined || key.startsWith("TOLLGATE_") ? [] : [[key, value]],
    ),
  );

const configOf = (options: WrapOptions): Config => {
  const { name, policyFile, command, args, cwd, env } = options;
  const policy = basename(policyFile);
  return {
    file: undefined,
    directory: cwd,
    gateway: {
      host: "127.0.0.1",
      port: 0,
      publicUrl: undefined,
      allowedHosts: [],
      allowedOrigins: [],
      trustProxy: false,
      limits: DEFAULT_LIMITS,
    },
    store: { sqlitePath: undefined },
    audit: DEFAULT_AUDIT,
    servers: [
      {
        spec: {
          name,
          transport: { kind: "stdio", command, args, env: environmentOf(env), cwd },
          isolation: "session",
          startMs: LIMITS.start_ms,
          callMs: LIMITS.call_ms,
          callMaxMs: LIMITS.call_ms_max,
          idleMs: LIMITS.idle_ms,
          resultBytes: LIMITS.result_bytes_max,
        },
        pin: "warn",
        trustFirst: true,
        allowPrivateAddresses: false,
      },
    ],
    policies: [{ name: policy, text: readText(policyFile), file: policyFile, inline: undefined }],
    identities: [{ name, kind: "person", groups: [] }],
    grants: [],
    secrets: [],
    watched: [],
  };
};

const FACE = "wrap.sock";

interface Face {
  /** Stops listening and waits until those that came have gone. */
  readonly settled: () => Promise<void>;
}

/** Where later wraps of the same name come in: each a client of its own, with a session of its own. */
const listenForOthers = async (engine: Engine, options: WrapOptions): Promise<Face> => {
  rmSync(join(options.dataDirectory, FACE), { force: true });
  const { path, close } = socketPath(options.dataDirectory, FACE);
  const talks = new Set<Promise<void>>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const talk = speak(engine, options, socket, socket).then(
      () => void socket.end(),
      () => void socket.destroy(),
    );
    talks.add(talk);
    void talk.finally(() => talks.delete(talk));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    settled: async () => {
      server.close();
      await Promise.allSettled(talks);
      close();
    },
  };
};

const throughTheFirst = async (options: WrapOptions, held: DataDirectoryHeld): Promise<void> => {
  const { path, close } = socketPath(options.dataDirectory, FACE);
  const socket = await connectTo(path);
  close();
  if (socket === undefined) {
    throw held;
  }
  options.log.info("another wrap of this name runs already: going through it", { pid: held.pid });
  await joinUp(options, socket);
};

const connectTo = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });

const joinUp = ({ input, output }: WrapOptions, socket: Duplex): Promise<void> =>
  new Promise((resolve) => {
    input.pipe(socket);
    socket.pipe(output, { end: false });
    socket.on("close", () => resolve());
    socket.on("end", () => resolve());
    socket.on("error", () => resolve());
  });
