import { accessSync, constants, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import type { ConfigFacts, Finding } from "../cli/ports.ts";
import { lockOwner } from "../store/lock.ts";

/** Whether the gateway could listen where the configuration says. */
export const portFinding = async ({ host, port }: ConfigFacts, data: string): Promise<Finding> => {
  const name = "port";
  const where = `${host}:${String(port)}`;
  if (port === 0) {
    return { name, state: "ok", detail: "a free one is taken at each start" };
  }
  const code = await tryPort(host, port);
  if (code === undefined) {
    return { name, state: "ok", detail: `${where} is free` };
  }
  const owner = lockOwner(data);
  if (code === "EADDRINUSE" && owner !== undefined) {
    return {
      name,
      state: "ok",
      detail: `${where} is in use; process ${String(owner)} serves this data directory`,
    };
  }
  const advice =
    'Choose another with --port, or "gateway": { "port": … } in the configuration; 0 takes a free one.';
  return { name, state: "failed", detail: `${where} cannot be listened on (${code})`, advice };
};

const tryPort = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });

const OTHERS = 0o077;

/** Whether the data directory can be used, or made. */
export const dataFinding = (data: string): Finding => {
  const name = "data directory";
  const found = statSync(data, { throwIfNoEntry: false });
  if (found === undefined) {
    return isWritable(nearestParent(data))
      ? { name, state: "ok", detail: `${data} is made at the first start` }
      : { name, state: "failed", detail: `${data} cannot be made`, advice: "Choose another with --data." };
  }
  if (!found.isDirectory() || !isWritable(data)) {
    const what = found.isDirectory() ? "cannot be written" : "is no directory";
    return { name, state: "failed", detail: `${data} ${what}`, advice: "Choose another with --data." };
  }
  if ((found.mode & OTHERS) !== 0) {
    return {
      name,
      state: "warning",
      detail: `others may look into ${data}`,
      advice: `Run: chmod 700 ${data}`,
    };
  }
  const owner = lockOwner(data);
  return {
    name,
    state: "ok",
    detail: owner === undefined ? data : `${data}, in use by process ${String(owner)}`,
  };
};

const nearestParent = (path: string): string => {
  const parent = dirname(path);
  return parent === path || statSync(parent, { throwIfNoEntry: false }) !== undefined
    ? parent
    : nearestParent(parent);
};

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
