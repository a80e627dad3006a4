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

it("the client of the examples says in words that no gateway answers", async () => {
  const TOLLGATE_URL = `http://127.0.0.1:${String(await deadPort())}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "examples/call.mjs"), "orchestrator"],
    { encoding: "utf8", env: { ...process.env, TOLLGATE_URL } },
  );
  expect([status, stdout, stderr]).toEqual([
    1,
    "",
    `No gateway answers at ${TOLLGATE_URL}/mcp/orchestrator. Start it first, or name another with TOLLGATE_URL.\n`,
  ]);
});
