import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createLog } from "../../src/serve/log.ts";
import { createMasker } from "../../src/upstream/mask.ts";
import { canary, canaryValue, formsOf, leaks, Outputs, unseen, type Canary } from "../support/canaries.ts";
import { Gateway, modernHeaders, modernMeta, Program, ROOT, temporaryDirectory } from "../support/gateway.ts";

// Secrets are planted everywhere that one can be. The gateway succeeds, refuses, fails, crashes and starts anew. Then
// every byte that left it is looked through: answers, logs, the record, the databases, what commands print.

const LEAKY = join(ROOT, "test", "fixtures", "upstreams", "leaky.ts");

/** Answers to clients; the record, its copies and what is printed of it; what the operator sees. */
const ANSWERS = /^answer /u;
const RECORD = /^data\/(?:journal|tollgate\.db)|^audit /u;
const OPERATOR = /^(?:log|command) /u;

const TOKENS = {
  inFile: canary("a grant's token in the file"),
  inEnv: canary("a grant's token from the environment"),
  masked: canary("a grant's token, for mode masked"),
  full: canary("a grant's token, for mode full"),
};
/** What the gateway is given, and never says. */
const GIVEN: readonly Canary[] = [
  ...Object.values(TOKENS),
  canary("a header from the environment"),
  canary("a header from a file"),
  canary("a server's environment"),
  canary("a header for signed heads"),
  canary("a value in a policy"),
  canary("a token in a broken configuration"),
  canary("a token that is too short".slice(0, 20), undefined, "cnry-short-Xq7Rk2VnX9sL"),
  canary("a policy that is broken"),
];
/** What clients send, and nobody is told. */
const SENT: readonly Canary[] = [
  "an unknown token",
  "a Basic authorization",
  "a cookie",
  "an API key in a header",
  "a session id that there is not",
  "a token in the query",
  "a body that is no JSON",
  "a body that is no UTF-8",
  "a body with a name twice",
  "a message without a method",
  "a value under keys",
  "a name under keys",
  "a refused call under keys",
  "a value under a secret name, masked",
  "a value that looks like chance, masked",
  "a value in a text, masked",
  "a name, masked",
  "a refused call, masked",
  "a token in a URI",
  "a password in a URI",
  "a path of no server",
  "a method of nobody",
  "a client's name",
].map((name) => canary(name));
/** What is meant to be told, and to whom. */
const TOLD: readonly Canary[] = [
  canary("a value under full", RECORD),
  canary("a refused call under full", RECORD),
  canary("a policy's message", /^answer |^data\/journal|^audit /u),
  canary("a tool of nobody", ANSWERS),
  canary("a result", ANSWERS),
  canary("an error of a server", ANSWERS),
];
/** What a broken server says is no answer. */
const BROKEN: readonly Canary[] = [canary("an answer with HTTP 500"), canary("an answer that is no JSON")];
const PLACE = canary("the path of the data directory", OPERATOR);

const of = canaryValue;

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly name?: string };
}

const CACHED = { resultType: "complete", ttlMs: 0, cacheScope: "public" };
const TOOLS = ["good", "wrong", "no", "500", "rubbish", "gone"];

const resultOf = ({ method }: Message, echoed: string): object => {
  if (method === "server/discover") {
    return {
      ...CACHED,
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {}, resources: {} },
      instructions: echoed,
    };
  }
  if (method === "tools/list") {
    return {
      ...CACHED,
      tools: TOOLS.map((name) => ({
        name,
        description: echoed,
        inputSchema: { type: "object", additionalProperties: true },
      })),
    };
  }
  return method === "resources/read"
    ? { ...CACHED, contents: [] }
    : { resultType: "complete", content: [{ type: "text", text: `${echoed} ${of("a result")}` }] };
};

/** An HTTP server that echoes its credentials, and does wrong what its tools say. */
const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = Buffer.concat(await request.toArray()).toString();
  if (request.url === "/heads") {
    outputs.add("heads", body);
    response.writeHead(204).end();
    return;
  }
  const message = JSON.parse(body) as Message;
  const echoed = `${request.headers.authorization ?? ""} ${String(request.headers["x-file"])}`;
  const tool = message.params?.name ?? "";
  if (tool === "gone") {
    response.destroy();
    return;
  }
  const error = { code: -32000, message: `${echoed} ${of("an error of a server")}` };
  const text = {
    500: `${echoed} ${of("an answer with HTTP 500")}`,
    rubbish: `${echoed} ${of("an answer that is no JSON")}`,
  }[tool];
  response.writeHead(tool === "500" ? 500 : 200, { "content-type": "application/json" });
  const said = tool === "wrong" ? { error } : { result: resultOf(message, echoed) };
  response.end(text ?? JSON.stringify({ jsonrpc: "2.0", id: message.id, ...said }));
};

const outputs = new Outputs();
let upstream: Server;
let gateway: Gateway;
let env: NodeJS.ProcessEnv;
let keys: readonly Canary[] = [];
let minted: Canary;
let session: Canary;
let runs = 0;

/** A fault that nobody catches, when the test says so. */
const FAULT = `data:text/javascript,${encodeURIComponent('process.on("SIGUSR2",()=>{throw new Error("a fault that nobody catches")})')}`;

const policyOf = (more: object = {}): object => ({
  version: "1",
  default: "allow",
  methods: ["vendor/*"],
  resources: ["*"],
  tools: {
    no: {
      deny_if: [{ name: "never", conditions: [], on_deny: of("a policy's message") }],
    },
    wrong: {
      deny_if: [
        {
          name: "word",
          conditions: [
            { path: "args.word", op: "eq", value: of("a value in a policy"), on_missing: "false" },
          ],
        },
      ],
    },
  },
  ...more,
});

const configOf = (port: number, broken: object = {}): object => ({
  mcpServers: {
    web: {
      type: "http",
      url: `http://127.0.0.1:${String(port)}/mcp`,
      headers: { Authorization: "Bearer ${env:UP}", "X-File": "${file:up.secret}" },
    },
    child: { command: process.execPath, args: [LEAKY], env: { CHILD_SECRET: "${env:CHILD}" } },
    dead: { command: process.execPath, args: [LEAKY, "--die"], env: { CHILD_SECRET: "${env:CHILD}" } },
  },
  policies: { keys: policyOf(), masked: policyOf(), full: policyOf() },
  identities: { agent: {} },
  audit: {
    arguments: "keys",
    argumentsByPolicy: { masked: "masked", full: "full" },
    heads: {
      to: `http://127.0.0.1:${String(port)}/heads`,
      headers: { Authorization: "Bearer ${env:HEADS}" },
    },
  },
  grants: {
    keys: { identity: "agent", server: ["web", "child", "dead"], policy: "keys", token: TOKENS.inFile.value },
    env: { identity: "agent", server: ["web", "child", "dead"], policy: "keys", token: "${env:GRANT}" },
    masked: {
      identity: "agent",
      server: ["web", "child", "dead"],
      policy: "masked",
      token: TOKENS.masked.value,
    },
    full: { identity: "agent", server: ["web", "child", "dead"], policy: "full", token: TOKENS.full.value },
    ...broken,
  },
});

const serve = async (): Promise<void> => {
  await gateway.serve({ ...env, NODE_OPTIONS: `--import ${FAULT}` });
};

const ended = async (how: NodeJS.Signals): Promise<void> => {
  const { program } = gateway;
  program?.child.kill(how);
  await program?.closed;
  runs += 1;
  outputs.add(`log ${String(runs)}, ended by ${how}`, `${program?.stdout ?? ""}${program?.stderr ?? ""}`);
};

const run = async (kind: string, ...args: readonly string[]): Promise<string> => {
  const given = ["--config", gateway.configFile, "--data", gateway.data];
  const program = new Program(["src/main.ts", ...args, ...given], { env });
  program.child.stdin?.end();
  await program.closed;
  outputs.add(`${kind} ${args.join(" ")}`, `${program.stdout}${program.stderr}`);
  return program.stdout;
};

/** A request with exactly these headers and that body. Gives the answer; all of it is kept. */
const send = async (
  path: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<Response> => {
  const response = await fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  const told = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  outputs.add(
    `answer ${String(outputs.parts.length)} of ${path.split("?")[0] ?? ""}`,
    `${told}\n\n${await response.text()}`,
  );
  return response;
};

const bearer = (token: Canary): Record<string, string> => ({ authorization: `Bearer ${token.value}` });

const modern = async (token: Canary, server: string, method: string, params: object): Promise<Response> => {
  const _meta = modernMeta({
    "io.modelcontextprotocol/clientInfo": { name: of("a client's name"), version: "1" },
  });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } });
  return send(`/mcp/${server}`, { ...bearer(token), ...modernHeaders(method, params) }, body);
};

const call = (token: Canary, server: string, name: string, args: object = {}): Promise<Response> =>
  modern(token, server, "tools/call", { name, arguments: args });

const callEverything = async (): Promise<void> => {
  const { inFile, inEnv, masked, full } = TOKENS;
  for (const tool of TOOLS) {
    await call(inFile, "web", tool, { a: of("a value under keys"), [of("a name under keys")]: 1 });
  }
  await call(inEnv, "web", "no", { text: of("a refused call under keys") });
  const texts = `see ${of("a value in a text, masked")} and Bearer ${masked.value} of ${of("a header from a file")}`;
  await call(masked, "web", "good", {
    "db-password": [{ deep: of("a value under a secret name, masked") }],
    list: [of("a value that looks like chance, masked"), 1.5],
    texts,
    [of("a name, masked")]: true,
  });
  await call(masked, "web", "no", { token: of("a refused call, masked"), b: of("a refused call, masked") });
  await call(full, "web", "good", {
    a: of("a value under full"),
    b: full.value,
    c: of("a header from a file"),
  });
  await call(full, "web", "no", { a: of("a refused call under full") });
  await call(inFile, "dead", "tell");
  for (const tool of ["tell", "none", "die", "tell"]) {
    await call(inFile, "child", tool);
  }
};

const sendRubbish = async (): Promise<void> => {
  const { inFile } = TOKENS;
  const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  await send("/mcp/web", { authorization: `Bearer ${of("an unknown token")}` }, list);
  await send("/mcp/web", { authorization: `Basic ${btoa(`a:${of("a Basic authorization")}`)}` }, list);
  const extra = { cookie: `s=${of("a cookie")}`, "x-api-key": of("an API key in a header") };
  await send("/mcp/web", { ...bearer(inFile), ...extra }, list);
  await send("/mcp/web", { ...bearer(inFile), "mcp-session-id": of("a session id that there is not") }, list);
  await send(`/mcp/web?access_token=${of("a token in the query")}`, bearer(inFile), list);
  await send(`/mcp/${of("a path of no server")}`, bearer(inFile), list);
  await send("/mcp/web", bearer(inFile), `{"jsonrpc":"2.0","id":1,${of("a body that is no JSON")}`);
  const bytes = Buffer.concat([
    Buffer.from(`{"a":"${of("a body that is no UTF-8")}`),
    Buffer.from([0xff, 0xfe]),
  ]);
  await send("/mcp/web", bearer(inFile), bytes);
  const twice = of("a body with a name twice");
  await send("/mcp/web", bearer(inFile), `{"${twice}":1,"${twice}":2}`);
  await send(
    "/mcp/web",
    bearer(inFile),
    JSON.stringify({ jsonrpc: "2.0", x: of("a message without a method") }),
  );
  const uri = `db://ann:${of("a password in a URI")}@host/x?access_token=${of("a token in a URI")}`;
  await modern(inFile, "web", "resources/read", { uri });
  await modern(inFile, "web", `vendor/${of("a method of nobody")}`, {});
  await call(inFile, "web", of("a tool of nobody"));
};

const openSession = async (): Promise<void> => {
  const clientInfo = { name: of("a client's name"), version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const hello = await send(
    "/mcp/web",
    bearer(TOKENS.inFile),
    JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }),
  );
  session = canary("a session's id", ANSWERS, hello.headers.get("mcp-session-id") ?? "none was given to it");
  const inIt = { ...bearer(TOKENS.inFile), "mcp-session-id": session.value };
  await send("/mcp/web", inIt, JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
  await send(
    "/mcp/web",
    inIt,
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "good" } }),
  );
};

const reload = async (config: object | string, says: RegExp): Promise<void> => {
  writeFileSync(gateway.configFile, typeof config === "string" ? config : JSON.stringify(config));
  gateway.program?.child.kill("SIGHUP");
  await vi.waitUntil(() => says.test(gateway.program?.stderr ?? ""), { timeout: 30_000 });
};

const breakConfiguration = async (good: object, port: number): Promise<void> => {
  const short = {
    short: { identity: "agent", server: "web", policy: "keys", token: "cnry-short-Xq7Rk2VnX9sL" },
  };
  await reload(configOf(port, short), /was not reloaded/u);
  const cut = `{ "grants": { "x": { "token": "${of("a token in a broken configuration")}", `;
  await run("command", "audit", "tail");
  writeFileSync(gateway.configFile, cut);
  await run("command", "server", "list");
  await run("command", "serve", "--port", "0");
  const policy = {
    ...configOf(port),
    policies: {
      keys: policyOf({ default: of("a policy that is broken") }),
      masked: policyOf(),
      full: policyOf(),
    },
  };
  await reload(policy, /not reloaded[^]*not reloaded/u);
  await run("command", "serve", "--port", "0");
  await reload(good, /configuration reloaded/u);
};

const COMMANDS = [
  "audit export --json",
  "audit export --csv",
  "audit tail -n 100",
  "audit tail --json",
  "audit verify",
  "command grant list --json",
  "command grant show keys",
  "command doctor",
  "command doctor --json",
  "command server list --json",
  "command server scan web",
  "command server scan child --json",
  "command server scan dead",
] as const;

const printEverything = async (): Promise<void> => {
  await Promise.all(
    COMMANDS.map((command) => {
      const [kind = "", ...args] = command.split(" ");
      return kind === "audit" ? run("audit", kind, ...args) : run(kind, ...args);
    }),
  );
};

const readKeys = (): readonly Canary[] => {
  const bytes = readFileSync(join(gateway.data, "keys", "audit-hmac.key"));
  const pem = readFileSync(join(gateway.data, "keys", "audit-sign.key"), "utf8");
  const [, body = ""] = pem.split("\n");
  return [
    canary("the key of hashes, in Base64", undefined, bytes.toString("base64").slice(0, -1)),
    canary("the key of hashes, in hex", undefined, bytes.toString("hex")),
    canary("the key of hashes, its bytes", undefined, bytes.toString("latin1")),
    canary("the key that signs", undefined, body.slice(-40)),
  ];
};

beforeAll(async () => {
  upstream = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => upstream.listen(0, "127.0.0.1", ready));
  const address = upstream.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const directory = join(temporaryDirectory(), PLACE.value);
  mkdirSync(directory);
  const config = configOf(port);
  gateway = new Gateway(config, directory);
  writeFileSync(join(directory, "up.secret"), `${of("a header from a file")}\n`);
  env = {
    UP: of("a header from the environment"),
    CHILD: of("a server's environment"),
    HEADS: of("a header for signed heads"),
    GRANT: TOKENS.inEnv.value,
  };
  await serve();
  await callEverything();
  await sendRubbish();
  await openSession();
  const given = ["--identity", "agent", "--server", "web", "--policy", "full"];
  const token = /tg_[\w-]{43}/u.exec(await run("minted", "grant", "create", "made", ...given))?.[0];
  minted = canary("a minted token", /^minted /u, token ?? "none was minted for it");
  await call(minted, "web", "good", { mine: minted.value, more: `is ${minted.value}` });
  await breakConfiguration(config, port);
  await ended("SIGKILL");
  await serve();
  await callEverything();
  await ended("SIGUSR2");
  await serve();
  await printEverything();
  await ended("SIGTERM");
  keys = readKeys();
  outputs.addFiles("data", gateway.data, /^keys\//u);
}, 300_000);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(dirname(gateway.directory), { recursive: true, force: true });
  upstream.closeAllConnections();
  upstream.close();
});

const everyCanary = (): readonly Canary[] => [
  ...GIVEN,
  ...SENT,
  ...TOLD,
  ...BROKEN,
  PLACE,
  minted,
  session,
  ...keys,
];

describe("of the secrets that are planted everywhere", () => {
  it("none is in any byte that left, but where it is meant to be", () => {
    expect(leaks(outputs, everyCanary())).toEqual([]);
  });

  it("those that may be told were told, so the calls went where they should", () => {
    expect(unseen(outputs, everyCanary())).toEqual([]);
  });

  it("the gateway had seen all: it served, refused, failed, crashed and was asked", () => {
    const text = (name: RegExp): string =>
      outputs.parts
        .filter((part) => name.test(part.name))
        .map(({ bytes }) => bytes.toString())
        .join("\n");
    const record = text(/^audit audit export --json/u);
    for (const said of [
      '"code":"allowed"',
      '"code":"deny_if_matched"',
      '"rpc_error"',
      '"unknown"',
      '"masked":{',
      '"full":{',
      '"keys":[',
      "grant.create",
    ]) {
      expect(record).toContain(said);
    }
    expect(record).toContain("[masked: name]");
    expect(record).toContain("[masked: random]");
    expect(text(/^log /u)).toContain("a fault that nobody catches");
    expect(text(/^command server scan dead/u)).toContain("started with [masked]");
    expect(text(/^command serve/u)).toContain("/policies/keys");
    expect(text(/^data\/tollgate\.db/u).length).toBeGreaterThan(1_000);
    expect(text(/^audit audit verify/u)).not.toContain("was changed");
  });

  it("one in any output and any form would be found", () => {
    for (const { name, value, allowed } of everyCanary()) {
      for (const [form, text] of formsOf(value)) {
        const planted = new Outputs();
        planted.add("elsewhere", `x${text}y`);
        expect([name, form, leaks(planted, [{ name, value, allowed }]).length]).toEqual([name, form, 1]);
      }
    }
  });
});

describe("the log for people", () => {
  it("hides what the gateway was given, like the log for programs", () => {
    const secret = of("a header from the environment");
    for (const readable of [true, false]) {
      const lines: string[] = [];
      const mask = createMasker([secret]).maskText;
      const log = createLog({
        write: (line) => void lines.push(line),
        readable,
        level: "info",
        now: () => 0,
        mask,
      });
      log.error(`failed with ${secret}`, {
        reason: `Basic ${btoa(secret)}`,
        url: `http://h/?${encodeURIComponent(secret)}`,
      });
      const printed = new Outputs();
      printed.add("log", lines.join(""));
      expect(leaks(printed, [canary("a header from the environment")])).toEqual([]);
      expect(lines).toEqual([expect.stringContaining("[masked]")]);
    }
  });
});
