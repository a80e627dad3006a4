import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { ROOT, temporaryDirectory } from "../support/gateway.ts";

/** The commands of the package, and the sources that they run. */
const COMMANDS: Readonly<Record<string, string>> = {
  tollgate: "src/main.ts",
  "tollgate-node-orchestrator": "servers/node-orchestrator/main.ts",
  "tollgate-uefn": "servers/uefn/main.ts",
  "tollgate-uefn-simulator": "servers/uefn-simulator/main.ts",
};

/** The ports that the examples and the pages name. */
const DOCUMENTED_PORTS: readonly number[] = [7410, 7411, 7412, 7421, 7422, 8765];

/** A free port of this machine for each documented one. */
export const freePorts = async (): Promise<ReadonlyMap<number, number>> => {
  const held = DOCUMENTED_PORTS.map(() => createServer());
  const ports = await Promise.all(
    held.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(held.map((server) => new Promise((resolve) => void server.close(resolve))));
  return new Map(DOCUMENTED_PORTS.map((port, index) => [port, ports[index] ?? port]));
};

/** Puts other ports in place of those that a text names. */
export const withPorts = (text: string, ports: ReadonlyMap<number, number>): string =>
  text.replaceAll(/(?<![\w.])\d{4,5}(?![\w.])/gu, (port) => String(ports.get(Number(port)) ?? port));

/**
 * A folder that looks like a checkout after `npm ci`: the commands are these sources, `npx` runs what is installed,
 * nothing is fetched. The examples are copies with the ports that are handed in.
 */
export class Checkout implements Disposable {
  readonly directory = temporaryDirectory();
  readonly env: NodeJS.ProcessEnv;

  constructor(ports: ReadonlyMap<number, number>) {
    const bin = join(this.directory, "bin");
    mkdirSync(bin);
    for (const [name, source] of Object.entries(COMMANDS)) {
      script(join(bin, name), `exec '${process.execPath}' '${join(ROOT, source)}' "$@"`);
    }
    script(
      join(bin, "npx"),
      `name=$1; shift\n[ ! -x '${bin}/'"$name" ] || exec '${bin}/'"$name" "$@"\nexec '${ROOT}/node_modules/.bin/'"$name" "$@"`,
    );
    for (const name of ["node_modules", "schema", "servers", "src"]) {
      symlinkSync(join(ROOT, name), join(this.directory, name));
    }
    cpSync(join(ROOT, "examples"), join(this.directory, "examples"), { recursive: true });
    for (const name of readdirSync(join(this.directory, "examples"), { recursive: true, encoding: "utf8" })) {
      if (/\.(?:json|mjs|ts)$/u.test(name)) {
        const file = join(this.directory, "examples", name);
        writeFileSync(file, withPorts(readFileSync(file, "utf8"), ports));
      }
    }
    this.env = {
      PATH: [bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
      HOME: this.directory,
      XDG_DATA_HOME: join(this.directory, "share"),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const script = (path: string, text: string): void => {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
};
