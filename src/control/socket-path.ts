import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { CONTROL_SOCKET } from "./contract.ts";

/** Bytes of a path that fit into `sockaddr_un` everywhere, with the NUL at its end. */
const PATH_BYTES_MAX = 103;

/** A path for the socket of a data directory that the system can take. Closing it ends the path, not the socket. */
export interface SocketPath {
  readonly path: string;
  readonly close: () => void;
}

class PathTooLong extends Error {
  override readonly name = "PathTooLong";
}

/**
 * The path of the control socket, or of another one of this name. Where the data directory's own is too long for a socket, the directory is opened
 * and named by its descriptor, which only this process can follow; where the system has no such names, it throws.
 */
export const socketPath = (directory: string, name: string = CONTROL_SOCKET): SocketPath => {
  const path = join(directory, name);
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) {
    return { path, close: () => {} };
  }
  if (!existsSync("/proc/self/fd")) {
    const sentence = `The path of the data directory is too long for a socket: ${String(PATH_BYTES_MAX - name.length - 1)} bytes at most.`;
    throw new PathTooLong(`${sentence} Choose another with --data.`);
  }
  const descriptor = openSync(directory, "r");
  return {
    path: `/proc/self/fd/${String(descriptor)}/${name}`,
    close: () => closeSync(descriptor),
  };
};
