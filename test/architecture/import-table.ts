/**
 * Who may import whom, as data. ARCHITECTURE.md has the same table in words; a row is changed there too, with a
 * page in docs/decisions/.
 */
export interface Row {
  /** The room, or a file at the top of `src/`. */
  readonly room: string;
  /** Rooms (`base`) and single files (`audit/port.ts`; `*` is one name) it may import. Its own files always. */
  readonly may: readonly string[];
  /** npm packages, by name. */
  readonly npm: readonly string[];
  /** Node's own modules, by name; `*` for all. */
  readonly node: readonly string[];
  /** What to do instead of a forbidden import. */
  readonly fix: string;
}

/** `main.ts` and `serve.ts`, each with its folder, name the adapters: everything is open to them. */
export const ROOTS: ReadonlySet<string> = new Set(["main", "serve"]);

/** Packages that the servers beside `src/` are made of. Of other folders they import `servers/mcp` alone. */
export const SERVERS_NPM: readonly string[] = ["@modelcontextprotocol/server", "zod"];

/** What tests of any room may use besides what their room may. */
export const TEST_TOOLS: readonly string[] = ["vitest", "fast-check", "ajv"];

const PORTS = ["*/port.ts", "*/record.ts"];

export const IMPORT_TABLE: readonly Row[] = [
  {
    room: "base",
    may: [],
    npm: [],
    node: [],
    fix: "base imports nothing: move what needs it into the room that does, or hand it in as a parameter",
  },
  {
    room: "wire",
    may: ["base"],
    npm: [],
    node: [],
    fix: "wire is data without I/O: take bytes or text as a parameter and leave sockets to gateway and upstream",
  },
  {
    room: "policy",
    may: ["base"],
    npm: ["re2js"],
    node: [],
    fix: "the decider is pure: hand it what it needs as a value or a function (see SchemaCompiler in policy/types.ts)",
  },
  {
    room: "meter",
    may: ["base"],
    npm: [],
    node: [],
    fix: "limits are pure arithmetic: take the time and the reserved amounts as parameters",
  },
  {
    room: "grant",
    may: ["base"],
    npm: ["jose"],
    node: ["crypto"],
    fix: "grants know only base: put the question into grant/port.ts and let an adapter in store/ answer it",
  },
  {
    room: "approval",
    may: ["base"],
    npm: [],
    node: ["crypto"],
    fix: "approvals know only base: put the question into approval/port.ts and let an adapter in store/ answer it",
  },
  {
    room: "audit",
    may: ["base"],
    npm: [],
    node: ["crypto"],
    fix: "the record knows only base: writing and reading it is an adapter of audit/port.ts in store/",
  },
  {
    room: "secrets",
    may: ["base", "audit/secret.ts"],
    npm: ["@secretlint/core", "@secretlint/secretlint-rule-preset-recommend"],
    node: [],
    fix: "secrets finds them in a text and does no more: what is kept in their place is for audit to say",
  },
  {
    room: "catalogue",
    may: ["base", "policy"],
    npm: ["ajv", "zod"],
    node: ["crypto"],
    fix: "the catalogue describes tools and does not call them: take lists and definitions as parameters",
  },
  {
    room: "attack",
    may: ["base", "catalogue"],
    npm: ["zod"],
    node: ["*"],
    fix: "attacks are played from outside: they start the gate as a user does, and know of it what its clients see",
  },
  {
    room: "upstream",
    may: ["base", "wire"],
    npm: ["undici"],
    node: ["*"],
    fix: "upstream carries frames and judges nothing: the gateway asks policy and grants before it calls upstream",
  },
  {
    room: "bridge",
    may: ["base", "wire", "upstream/port.ts"],
    npm: [],
    node: [],
    fix: "the bridge turns one era's frames into the other's: reach servers through upstream/port.ts only",
  },
  {
    room: "gateway",
    may: ["base", "wire", "policy", "meter", "grant", "approval", "audit", "catalogue", "upstream", "bridge"],
    npm: [],
    node: ["*"],
    fix: "the data plane sees ports, never adapters: take the port as a field of Gate; serve.ts fills it",
  },
  {
    room: "store",
    may: [
      "base",
      "audit/port.ts",
      "audit/record.ts",
      "audit/chain.ts",
      "audit/dropped.ts",
      "audit/heads.ts",
      "meter/port.ts",
      "meter/window.ts",
      "grant/port.ts",
      "grant/grant.ts",
      "approval/port.ts",
      "approval/record.ts",
      "catalogue/port.ts",
    ],
    npm: [],
    node: ["*"],
    fix: "a store serves ports: put the type or function it needs into the room's port, record or chain file",
  },
  {
    room: "control",
    may: [
      "base",
      "policy",
      "meter",
      "grant",
      "approval",
      "audit",
      "catalogue",
      "upstream/port.ts",
      "upstream/registry.ts",
    ],
    npm: ["zod", "hono"],
    node: ["*"],
    fix: "the control plane publishes and never forwards: take ports as parameters; serve.ts fills them",
  },
  {
    room: "cli",
    may: ["base", "policy", "catalogue", "control/contract.ts", ...PORTS],
    npm: ["commander"],
    node: ["*"],
    fix: "commands are handed opened ports by main.ts: add what is needed to the parameters of the command",
  },
  {
    room: "config",
    may: ["base"],
    npm: ["zod"],
    node: ["*"],
    fix: "the configuration is data: return it and let serve.ts make something of it",
  },
];
