// What stands in the gate's place where there is none: it brings every byte to the server and back and looks at
// nothing. `main.js JOB`. It ends when its standard input does, after the servers that it started.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { isRelayJob, readJob, type Reached } from "../jobs.ts";

type Carry = (request: IncomingMessage, response: ServerResponse) => void;

/** Header for header and byte for byte. */
const overHttp =
  (url: string): Carry =>
  (request, response) => {
    const { method, headers } = request;
    const onward = ask(url, { method, headers: { ...headers, host: new URL(url).host } });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };

const children: ChildProcess[] = [];

/** A body is written as it came, with the end of line that a frame needs; the next line is its answer. */
const overPipe = ({ command, args, env }: Extract<Reached, { kind: "stdio" }>): Carry => {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const waiting: ServerResponse[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    waiting.shift()?.writeHead(200, { "content-type": "application/json" }).end(line);
  });
  return (request, response) => {
    waiting.push(response);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => child.stdin.write(`${Buffer.concat(chunks).toString("utf8")}\n`));
  };
};

const job = readJob(isRelayJob);
const carriers = new Map(
  Object.entries(job.servers).map(([name, how]) => [
    `/mcp/${name}`,
    how.kind === "http" ? overHttp(how.url) : overPipe(how),
  ]),
);

const server = createServer((request, response) => {
  const carry = carriers.get((request.url ?? "").split("?", 1)[0] ?? "") ?? carriers.values().next().value;
  carry?.(request, response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.stdout.write(
  `relay on ${typeof address === "object" && address !== null ? String(address.port) : ""}\n`,
);
await once(process.stdin.resume(), "end");
await Promise.all(
  children.map(async (child) => {
    child.stdin?.end();
    await once(child, "close");
  }),
);
process.exit(0);
