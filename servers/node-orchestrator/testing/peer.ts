import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/* A client of the real process. */

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

const textOf = ({ content }: CallToolResult): string =>
  content.map((part) => (part.type === "text" ? part.text : "")).join("\n");

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
  readonly data: unknown;
}

type CallOptions = Parameters<Client["callTool"]>[1];

export class Peer implements AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  readonly #process: ChildProcess | undefined;
  /** URIs of resources that were told to have changed, and names of lists. */
  readonly told: string[] = [];

  private constructor(client: Client, pid: number, process?: ChildProcess) {
    this.client = client;
    this.pid = pid;
    this.#process = process;
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
      this.told.push(params.uri);
    });
    client.setNotificationHandler("notifications/resources/list_changed", () => {
      this.told.push("resources");
    });
  }

  static async stdio(
    folder: string,
    mode: VersionNegotiationMode,
    ...args: readonly string[]
  ): Promise<Peer> {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, ...args],
      cwd: folder,
      stderr: "ignore",
    });
    await client.connect(transport);
    return new Peer(client, transport.pid ?? 0);
  }

  static async http(folder: string, mode: VersionNegotiationMode): Promise<Peer> {
    const server = spawn(process.execPath, [MAIN, "--http"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(server.stdout, "data");
    const url = /http:\S+/u.exec(String(line))?.[0] ?? "";
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    return new Peer(client, server.pid ?? 0, server);
  }

  async call(name: string, args: Record<string, unknown> = {}, options?: CallOptions): Promise<Answer> {
    const answer = await this.client.callTool({ name, arguments: args }, options);
    return { text: textOf(answer), isError: answer.isError === true, data: answer.structuredContent };
  }

  /** Asks to be told of changes, in the words of the era that was agreed on. */
  async follow(uri: string): Promise<void> {
    if (this.client.getServerCapabilities()?.resources === undefined) {
      throw new Error("it has no resources");
    }
    if (this.client.getNegotiatedProtocolVersion() === "2026-07-28") {
      await this.client.listen({ resourcesListChanged: true, resourceSubscriptions: [uri] });
    } else {
      await this.client.subscribeResource({ uri });
    }
  }

  async log(id: string): Promise<string> {
    const { contents } = await this.client.readResource({ uri: `log://${id}` });
    return contents.map((part) => ("text" in part ? part.text : "")).join("");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close().catch(() => {});
    if (this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
  }
}
