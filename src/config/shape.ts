import { z } from "zod";
import { LIMITS } from "../base/limits.ts";

/*
 * The shape of tollgate.json (docs/configuration.md). What a shape cannot say (names that must exist, tokens that must
 * differ, addresses) is checked by the files beside this one. The schema for editors is made from it.
 */

const milliseconds = (max: number) => z.int().min(1).max(max);
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

const strings = z.record(z.string(), z.string());

const serverOptions = z
  .strictObject({
    isolation: z
      .enum(["session", "shared"])
      .optional()
      .describe(
        "`session` (default): a process or upstream session for each client session. `shared`: one process of a stdio server for all clients that declare the same capabilities.",
      ),
    startMs: milliseconds(HOUR_MS)
      .optional()
      .describe(`Time to start, default ${String(LIMITS.start_ms)}.`),
    callMs: milliseconds(HOUR_MS)
      .optional()
      .describe(`Time for a call, default ${String(LIMITS.call_ms)}.`),
    callMaxMs: milliseconds(24 * HOUR_MS)
      .optional()
      .describe(
        `Time for a call in all, however often there is progress, default ${String(LIMITS.call_ms_max)}.`,
      ),
    idleMs: milliseconds(WEEK_MS)
      .optional()
      .describe(`An unused session ends after this, default ${String(LIMITS.idle_ms)}.`),
    resultBytes: z
      .int()
      .min(1_024)
      .max(256 * 1024 * 1024)
      .optional()
      .describe(`Largest message accepted from the server, default ${String(LIMITS.result_bytes_max)}.`),
    pin: z
      .enum(["off", "warn", "enforce"])
      .optional()
      .describe(
        "What happens when a tool's definition changes. Default `warn`; `enforce` is not supported yet.",
      ),
    trustFirst: z.boolean().optional().describe("Whether the definitions first seen are taken as approved."),
    allowPrivateAddresses: z
      .boolean()
      .optional()
      .describe("Whether addresses that the server names may be private ones."),
  })
  .describe("Options of the gate for this server.");

const server = z.strictObject({
  type: z
    .enum(["stdio", "http", "streamable-http", "sse"])
    .optional()
    .describe("Default: by `command` or `url`."),
  command: z.string().min(1).optional().describe("The program of a stdio server."),
  args: z.array(z.string()).optional(),
  env: strings
    .optional()
    .describe("The server's own environment; it gets PATH, HOME, LANG and TMPDIR besides."),
  cwd: z.string().min(1).optional().describe("Relative to this file."),
  url: z
    .string()
    .min(1)
    .optional()
    .describe("The MCP endpoint of an HTTP server; of type `sse`: its event stream."),
  headers: strings.optional().describe("Sent with every request to an HTTP server."),
  disabled: z.boolean().optional().describe("Keeps the entry without serving it."),
  tollgate: serverOptions.optional(),
});

const count = (max: number) => z.int().min(1).max(max);

const limits = z
  .strictObject({
    bodyBytes: z
      .int()
      .min(1_024)
      .max(64 * 1024 * 1024)
      .optional()
      .describe(`Largest message accepted from a client, default ${String(LIMITS.body_bytes_max)}.`),
    callsInFlight: count(10_000)
      .optional()
      .describe(`Requests of one grant under way at a time, default ${String(LIMITS.in_flight_calls_max)}.`),
    openStreams: count(100_000)
      .optional()
      .describe(`Streams of one grant that stay open, default ${String(LIMITS.open_streams_max)}.`),
    sessions: count(100_000)
      .optional()
      .describe(`Sessions in all, default ${String(LIMITS.sessions_max)}.`),
  })
  .describe("Bounds on clients.");

const gateway = z.strictObject({
  host: z.string().min(1).optional().describe("The address to listen on, default 127.0.0.1."),
  port: z.int().min(0).max(65_535).optional().describe("Default 7410; 0 picks a free one."),
  publicUrl: z.string().min(1).optional().describe("The URL that clients use, where it is another."),
  allowedHosts: z
    .array(z.string().min(1))
    .optional()
    .describe("`host` or `host:port` allowed in the Host header."),
  allowedOrigins: z
    .array(z.string().min(1))
    .optional()
    .describe("Origins of web pages that may call the gateway."),
  trustProxy: z.boolean().optional().describe("Whether forwarding headers of a proxy in front are believed."),
  limits: limits.optional(),
});

const store = z.strictObject({
  url: z.string().min(1).optional().describe("`sqlite:PATH`, relative to this file."),
  shared: z.string().min(1).optional().describe("Not supported yet."),
});

const argumentsMode = z.enum(["keys", "masked", "full"]);

const heads = z
  .strictObject({
    everySeconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .describe(`How often, default ${String(LIMITS.head_seconds)}; and at every stop.`),
    to: z
      .string()
      .min(1)
      .optional()
      .describe("A second place for them: a file, relative to this one, or an http or https URL to post to."),
    headers: strings.optional().describe("Sent with each post to a URL."),
  })
  .describe("Signed statements of how far the record has come.");

const audit = z.strictObject({
  durability: z
    .enum(["process", "disk"])
    .optional()
    .describe("`process` survives kill -9 of the gateway, `disk` a loss of power."),
  arguments: argumentsMode.optional().describe("What the record keeps of arguments. Default `keys`."),
  argumentsByPolicy: z
    .record(z.string(), argumentsMode)
    .optional()
    .describe("The same for calls under some policies, by the policy's name."),
  retentionDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe("Records older than this are dropped. Without it they are kept."),
  retentionBytes: z
    .int()
    .min(LIMITS.retention_bytes_min)
    .optional()
    .describe("The oldest records are dropped while the journal is larger than this."),
  heads: heads.optional(),
});

const identity = z.strictObject({
  kind: z.enum(["person", "service"]).optional().describe("Default `person`."),
  groups: z.array(z.string().min(1)).optional().describe("Groups that policies can ask for."),
});

const grant = z.strictObject({
  identity: z.string().min(1).describe("A name under `identities`."),
  server: z
    .union([z.string(), z.array(z.string()).min(1)], { error: "must be a server's name or a list of names" })
    .describe("One server, or a list."),
  policy: z.string().min(1).optional().describe("A name under `policies`. Without one nothing passes."),
  token: z
    .string()
    .optional()
    .describe(`At least ${String(LIMITS.token_characters_min)} characters.`),
  tokenSha256: z.string().optional().describe("SHA-256 of the token, 64 hex digits."),
  expiresAt: z.string().optional().describe("RFC 3339, for example 2027-01-01T00:00:00Z."),
  timezone: z.string().min(1).optional().describe("IANA name for `now.*` in policies, default UTC."),
  holdMs: z.int().min(0).max(HOUR_MS).optional().describe("How long a held call is kept open."),
});

export const configShape = z.strictObject({
  $schema: z.string().optional(),
  gateway: gateway.optional(),
  store: store.optional(),
  audit: audit.optional(),
  mcpServers: z
    .record(z.string(), server)
    .optional()
    .describe("The servers, in the shape that MCP clients use."),
  policies: z
    .record(
      z.string(),
      z.union([z.string().min(1), z.looseObject({})], { error: "must be a path or a policy document" }),
    )
    .optional()
    .describe("Name to a policy file's path, or to the document itself."),
  identities: z.record(z.string(), identity).optional().describe("Who uses the grants."),
  grants: z
    .record(z.string(), grant)
    .optional()
    .describe("Which token may reach which servers, under which policy."),
});

export type ConfigShape = z.infer<typeof configShape>;
export type ServerShape = z.infer<typeof server>;
export type GrantShape = z.infer<typeof grant>;

/** JSON Schema 2020-12 of the file, for editors: what `schema/config.schema.json` holds. */
export const configJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(configShape, { target: "draft-2020-12", io: "input" }),
  title: "tollgate.json",
});
