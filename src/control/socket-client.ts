import { connect, type Socket } from "node:net";
import type { z } from "zod";
import { fromPlain, toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import {
  controlAnswer,
  ControlRefusal,
  ControlUnreachable,
  clearedOverride,
  freezeList,
  grantList,
  liftedFreezes,
  madeFreeze,
  madeOverride,
  mintedGrant,
  overrideList,
  revokedGrant,
  type FreezeCommands,
  type GrantCommands,
  type OverrideCommands,
} from "./contract.ts";
import { socketPath } from "./socket-path.ts";

const ANSWER_MS_MAX = 5_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

export interface ControlClient extends Disposable {
  /** Asks the gateway; its answer as plain data. Throws `ControlRefusal` and `ControlUnreachable`. */
  readonly ask: (command: string, body?: object) => Promise<unknown>;
}

/** A connection to the gateway that holds a data directory; `undefined` where none listens there. */
export const connectControl = async (directory: string): Promise<ControlClient | undefined> => {
  const socket = await open(directory);
  return socket === undefined ? undefined : clientOn(socket);
};

const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ENOTDIR"]);

const open = async (directory: string): Promise<Socket | undefined> => {
  let address: ReturnType<typeof socketPath>;
  try {
    address = socketPath(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && NOBODY.has(String(error.code))) {
      return undefined;
    }
    throw error;
  }
  const socket = connect(address.path);
  try {
    return await new Promise<Socket | undefined>((resolve, reject) => {
      socket.once("connect", () => resolve(socket));
      socket.once("error", (error: NodeJS.ErrnoException) => {
        if (NOBODY.has(error.code ?? "")) {
          resolve(undefined);
        } else {
          reject(
            new ControlUnreachable(
              `The gateway's socket in ${directory} cannot be opened (${error.code ?? "?"}).`,
            ),
          );
        }
      });
    });
  } finally {
    address.close();
  }
};

const clientOn = (socket: Socket): ControlClient => {
  let pending = "";
  let waiting: ((line: string | undefined) => void) | undefined;
  socket.setEncoding("utf8");
  const settle = (line: string | undefined): void => {
    const wake = waiting;
    waiting = undefined;
    wake?.(line);
  };
  socket.on("data", (chunk: string) => {
    pending += chunk;
    const end = pending.indexOf("\n");
    if (end !== -1) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      settle(line);
    } else if (pending.length > ANSWER_BYTES_MAX) {
      socket.destroy();
    }
  });
  socket.on("error", () => settle(undefined));
  socket.on("close", () => settle(undefined));
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy());
  return {
    ask: async (command, body = {}) => {
      const line = await new Promise<string | undefined>((resolve) => {
        waiting = resolve;
        socket.write(`${writeJson(fromPlain({ command, body }))}\n`);
      });
      return resultOf(line);
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
};

const resultOf = (line: string | undefined): unknown => {
  const parsed = controlAnswer.safeParse(line === undefined ? undefined : toPlain(readOr(line)));
  if (!parsed.success) {
    throw new ControlUnreachable("The gateway that holds the data directory did not answer.");
  }
  if (!parsed.data.ok) {
    throw new ControlRefusal(parsed.data.error.reason, parsed.data.error.message);
  }
  return parsed.data.result;
};

const readOr = (line: string): Json => {
  try {
    return readJson(line);
  } catch {
    return null;
  }
};

const askFor = async <T>(
  client: ControlClient,
  schema: z.ZodType<T>,
  command: string,
  body?: object,
): Promise<T> => {
  const parsed = schema.safeParse(await client.ask(command, body));
  if (!parsed.success) {
    throw new ControlUnreachable("The gateway that holds the data directory is of another version.");
  }
  return parsed.data;
};

/** The grants of a running gateway, through its socket. */
export const remoteGrants = (client: ControlClient): GrantCommands => ({
  list: () => askFor(client, grantList, "grants.list"),
  create: (body) => askFor(client, mintedGrant, "grants.create", body),
  rotate: (body) => askFor(client, mintedGrant, "grants.rotate", body),
  revoke: (body) => askFor(client, revokedGrant, "grants.revoke", body),
});

/** Its kill switch. */
export const remoteFreezes = (client: ControlClient): FreezeCommands => ({
  list: () => askFor(client, freezeList, "freezes.list"),
  freeze: (body) => askFor(client, madeFreeze, "freezes.freeze", body),
  unfreeze: (body) => askFor(client, liftedFreezes, "freezes.unfreeze", body),
});

/** What people said of tools. */
export const remoteOverrides = (client: ControlClient): OverrideCommands => ({
  list: () => askFor(client, overrideList, "overrides.list"),
  override: (body) => askFor(client, madeOverride, "overrides.override", body),
  clear: (body) => askFor(client, clearedOverride, "overrides.clear", body),
});
