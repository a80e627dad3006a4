import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { LIMITS } from "../base/limits.ts";
import type { Grant } from "../grant/grant.ts";
import { createLineFramer, decodeUtf8 } from "../wire/lines.ts";
import type { Desk } from "./desk.ts";
import { receive, type Arrival } from "./edge.ts";
import { handle } from "./handle.ts";
import type { UnderWay } from "./session.ts";
import type { Sink } from "./sink.ts";

interface StdioPeer {
  readonly input: Readable;
  readonly output: Writable;
  /** Whoever holds the pipe holds the grant. */
  readonly grant: Grant;
  readonly server: string;
}

/**
 * Speaks MCP over a pair of streams, one message a line, until the input ends. One peer is one legacy session at
 * most (2025-11-25 "stdio"); modern requests need none.
 */
export const serveStdio = async (desk: Desk, peer: StdioPeer): Promise<void> => {
  const framer = createLineFramer(LIMITS.body_bytes_max);
  const line: StdioLine = {
    desk,
    peer,
    sessionId: undefined,
    underWay: new Map(),
    gone: new Set(),
    pipe: createPipe(peer.output),
  };
  const answering = new Set<Promise<void>>();
  let opening: Promise<void> = Promise.resolve();
  peer.output.on("error", () => line.gone.forEach((listener) => listener()));
  for await (const chunk of peer.input) {
    for (const piece of framer.push(chunk)) {
      const text = piece.kind === "line" ? decodeUtf8(piece.bytes) : undefined;
      if (text?.trim() === "") {
        continue;
      }
      const done = opening.then(() => attend(line, text));
      // What follows `initialize` waits for its session: on a pipe, order is the only thing that says so.
      opening = line.sessionId === undefined && text?.includes("initialize") === true ? done : opening;
      answering.add(done);
      void done.finally(() => answering.delete(done));
    }
  }
  // The client has said its last: what it asked for is still answered.
  await Promise.allSettled(answering);
  await closeSession(line);
};

/** A session on a pipe is nobody else's, and there is no other way into it. */
const closeSession = async ({ desk, peer, sessionId }: StdioLine): Promise<void> => {
  const session =
    sessionId === undefined ? undefined : desk.sessions.find(sessionId, peer.grant, peer.server);
  if (session !== undefined) {
    await desk.sessions.close(session);
  }
};

interface StdioLine {
  readonly desk: Desk;
  readonly peer: StdioPeer;
  sessionId: string | undefined;
  readonly underWay: Map<string, UnderWay>;
  readonly gone: Set<() => void>;
  readonly pipe: Pipe;
}

interface Pipe {
  readonly write: (text: string) => Promise<void> | undefined;
  /** Settles when what was written has been taken; `undefined` where nothing waits. */
  readonly room: () => Promise<void> | undefined;
}

const createPipe = (output: Writable): Pipe => {
  let room: Promise<void> | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        output.off("drain", done).off("close", done).off("error", done);
        room = undefined;
        resolve();
      };
      output.on("drain", done).on("close", done).on("error", done);
    });
  return {
    write: (text) => {
      if (!output.write(`${text}\n`) && !output.destroyed) {
        room ??= wait();
      }
      return room;
    },
    room: () => room,
  };
};

const attend = async (line: StdioLine, text: string | undefined): Promise<void> => {
  const session = await handle(line.desk, receive(arrivalOf(line, text)));
  line.sessionId = session?.id ?? line.sessionId;
};

const arrivalOf = (line: StdioLine, text: string | undefined): Arrival => ({
  requestId: randomUUID(),
  at: line.desk.gate.clock.now(),
  transport: "stdio",
  credential: { kind: "local", grant: line.peer.grant },
  server: line.peer.server,
  headers: undefined,
  sessionId: line.sessionId,
  read: async () => (text === undefined ? { refused: "parse_error" } : { text }),
  sink: sinkOf(line),
  underWay: line.underWay,
});

const sinkOf = ({ pipe, gone }: StdioLine): Sink => {
  const listeners: (() => void)[] = [];
  const forget = (): void => listeners.forEach((listener) => gone.delete(listener));
  return {
    interim: pipe.write,
    takesInterim: true,
    isRead: () => true,
    follow: () => {}, // A pipe that breaks is over: nobody comes back.
    answer: (_, text) => {
      forget();
      void pipe.write(text);
    },
    end: forget,
    onGone: (listener) => {
      listeners.push(listener);
      gone.add(listener);
    },
    flushed: pipe.room,
  };
};
