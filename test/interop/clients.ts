import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { VersionNegotiationMode } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport as OldSse } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { inspect } from "./inspector.ts";
import { versionOf } from "./packages.ts";
import type { Era, Method } from "./servers.ts";
import type { Talk, Target } from "./talk.ts";

/** The clients of the matrix, and how one talks with a server or with the gate through them. */

/** How a client reaches the gate. */
export const FACES = ["HTTP", "stdio"] as const;
export type Face = (typeof FACES)[number];

export interface ClientRow {
  readonly name: string;
  readonly era: Era;
  /** How many of a server's asks it is given by each face: all, where it does not start processes for each. */
  readonly asksMax?: Readonly<Record<Face, number>>;
  /** Whether it asks for the first page of a list only. */
  readonly firstPage?: true;
  readonly connect: (target: Target) => Promise<Talk>;
}

/** What both generations of the official client have in common. */
interface Api {
  readonly connect: (transport: object) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly listTools: List;
  readonly listResources: List;
  readonly listResourceTemplates: List;
  readonly listPrompts: List;
  readonly callTool: Single;
  readonly readResource: Single;
  readonly getPrompt: Single;
}
type List = (params?: { readonly cursor: string }) => Promise<{ readonly nextCursor?: string }>;
type Single = (params: object) => Promise<unknown>;

const allPages = async (list: List): Promise<void> => {
  let { nextCursor } = await list();
  while (nextCursor !== undefined) {
    ({ nextCursor } = await list({ cursor: nextCursor }));
  }
};

const WAYS: Readonly<Record<Method, (api: Api, params: object) => Promise<unknown>>> = {
  "tools/list": (api) => allPages((params) => api.listTools(params)),
  "resources/list": (api) => allPages((params) => api.listResources(params)),
  "resources/templates/list": (api) => allPages((params) => api.listResourceTemplates(params)),
  "prompts/list": (api) => allPages((params) => api.listPrompts(params)),
  "tools/call": (api, params) => api.callTool(params),
  "resources/read": (api, params) => api.readResource(params),
  "prompts/get": (api, params) => api.getPrompt(params),
};

type Handler = (message: object, extra?: unknown) => void;

/** Listens beside the client to what its transport hands it, before any schema of the client has touched a result. */
class Tap {
  #frames: unknown[] = [];
  readonly #seen = new WeakSet();

  constructor(transport: object) {
    let inner: Handler | undefined;
    Object.defineProperty(transport, "onmessage", {
      configurable: true,
      get: () => inner,
      set: (handler: Handler | undefined) => {
        inner =
          handler &&
          ((message, extra) => {
            this.#note(message);
            handler(message, extra);
          });
      },
    });
  }

  /** A client may put one handler around another: a message counts once. */
  #note(message: object): void {
    if (!this.#seen.has(message)) {
      this.#seen.add(message);
      if ("result" in message) {
        this.#frames.push(message.result);
      } else if ("error" in message) {
        this.#frames.push({ error: message.error });
      }
    }
  }

  take(): readonly unknown[] {
    return this.#frames.splice(0);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Parts {
  readonly api: Api;
  readonly transport: object;
  /** What the client says that was agreed on, where it can say so; else the server's word at `initialize` counts. */
  readonly negotiated?: () => string | undefined;
}

const talkThrough = async ({ api, transport, negotiated }: Parts): Promise<Talk> => {
  const tap = new Tap(transport);
  try {
    await api.connect(transport);
  } catch (error) {
    await api.close().catch(() => {});
    throw error;
  }
  const hello = tap.take();
  const revision = negotiated?.() ?? revisionIn(hello);
  return {
    ...(revision === undefined ? {} : { revision }),
    ask: async (ask) => {
      try {
        await WAYS[ask.method](api, ask.params);
        return { ask, frames: tap.take() };
      } catch (error) {
        return { ask, frames: tap.take(), refused: messageOf(error) };
      }
    },
    [Symbol.asyncDispose]: async () => {
      if ("terminateSession" in transport && typeof transport.terminateSession === "function") {
        await (transport.terminateSession as () => Promise<void>)().catch(() => {});
      }
      await api.close();
    },
  };
};

const revisionIn = (hello: readonly unknown[]): string | undefined =>
  hello
    .map((result) => (result as { readonly protocolVersion?: string }).protocolVersion)
    .find((revision) => revision !== undefined);

const INFO = { name: "interop", version: "1" };
type Capabilities = Readonly<Record<string, object>>;

const oldTransport = (target: Target): object => {
  if (target.over === "stdio") {
    const { args, env, cwd } = target;
    return new OldStdio({ command: process.execPath, args: [...args], env, cwd, stderr: "ignore" });
  }
  const options = { requestInit: { headers: target.headers } };
  const url = new URL(target.url);
  return target.over === "http" ? new OldHttp(url, options) : new OldSse(url, options);
};

const newTransport = (target: Target): object => {
  if (target.over === "stdio") {
    const { args, env, cwd } = target;
    return new StdioClientTransport({
      command: process.execPath,
      args: [...args],
      env,
      cwd,
      stderr: "ignore",
    });
  }
  const options = { requestInit: { headers: target.headers } };
  const url = new URL(target.url);
  return target.over === "http"
    ? new StreamableHTTPClientTransport(url, options)
    : new SSEClientTransport(url, options);
};

const NO_ROOTS = { roots: [] };

/** `@modelcontextprotocol/sdk`: what most agents of today are made of. */
export const connectOld = (target: Target, capabilities: Capabilities = {}): Promise<Talk> => {
  const client = new OldClient(INFO, { capabilities });
  if ("roots" in capabilities) {
    client.setRequestHandler(ListRootsRequestSchema, () => NO_ROOTS);
  }
  return talkThrough({ api: client as unknown as Api, transport: oldTransport(target) });
};

/** `@modelcontextprotocol/client`, which can negotiate. */
export const connectNew = (
  target: Target,
  mode: VersionNegotiationMode,
  capabilities: Capabilities = {},
): Promise<Talk> => {
  const client = new Client(INFO, { capabilities, versionNegotiation: { mode } });
  if ("roots" in capabilities) {
    client.setRequestHandler("roots/list", () => NO_ROOTS);
  }
  return talkThrough({
    api: client as unknown as Api,
    transport: newTransport(target),
    negotiated: () => client.getNegotiatedProtocolVersion(),
  });
};

export const MODERN_ONLY: VersionNegotiationMode = { pin: "2026-07-28" };
const SDK = `SDK ${versionOf("@modelcontextprotocol/sdk")}`;
const CLIENT = `client ${versionOf("@modelcontextprotocol/client")}`;

export const CLIENTS: readonly ClientRow[] = [
  { name: SDK, era: "legacy", connect: (target) => connectOld(target) },
  {
    name: `${CLIENT}, legacy`,
    era: "legacy",

    connect: (target) => connectNew(target, "legacy"),
  },
  { name: `${CLIENT}, auto`, era: "both", connect: (target) => connectNew(target, "auto") },
  {
    name: `${CLIENT}, modern`,
    era: "modern",

    connect: (target) => connectNew(target, MODERN_ONLY),
  },
  {
    name: `Inspector CLI ${versionOf("@modelcontextprotocol/inspector-cli")}`,
    era: "legacy",
    asksMax: { HTTP: 2, stdio: 1 },
    firstPage: true,
    connect: inspect,
  },
];
