import { spawnSync } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../support/gateway.ts";

/** A port on which nothing listens any more. */
const deadPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const client = (env: NodeJS.ProcessEnv): readonly unknown[] => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "examples/call.mjs"), "orchestrator"],
    { encoding: "utf8", env: { ...process.env, ...env } },
  );
  return [status, stdout, stderr];
};

it("the client of the examples says in words that no gateway answers", async () => {
  const TOLLGATE_URL = `http://127.0.0.1:${String(await deadPort())}`;
  expect(client({ TOLLGATE_URL, TOLLGATE_TOKEN: "token" })).toEqual([
    1,
    "",
    `No gateway answers at ${TOLLGATE_URL}/mcp/orchestrator. Start it first, or name another with TOLLGATE_URL.\n`,
  ]);
});

it.each([undefined, ""])("the client of the examples asks nobody without a token: %j", (TOLLGATE_TOKEN) => {
  expect(client({ TOLLGATE_TOKEN })).toEqual([
    1,
    "",
    "TOLLGATE_TOKEN is empty. Put the token of a grant there, as `tollgate grant create` prints it.\n",
  ]);
});
