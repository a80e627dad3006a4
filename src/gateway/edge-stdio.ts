import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type { Grant } from "../grant/grant.ts";
import { createLineFramer, decodeUtf8, type Line } from "../wire/lines.ts";
import { idOfLongLine } from "../wire/long-line.ts";
import type { Desk } from "./desk.ts";
import { receive, type Arrival, type Came } from "./edge.ts";
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
  const framer = createLineFramer(desk.gate.bodyBytesMax());
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
    for (const came of framer.push(chunk).map(cameOf)) {
      if (isEmpty(came)) {
        continue;
      }
      const done = opening.then(() => attend(line, came));
      // What follows `initialize` waits for its session: on a pipe, order is the only thing that says so.
      opening = line.sessionId === undefined && mayOpen(came) ? done : opening;
      answering.add(done);
      void done.finally(() => answering.delete(done));
    }
  }
  // The client has said its last: what it asked for is still answered.
  await Promise.allSettled(answering);
  await endSession(line);
};

const cameOf = (line: Line): Came => {
  if (line.kind === "too_long") {
    return { refused: "body_too_large", id: idOfLongLine(line) };
  }
  const text = decodeUtf8(line.bytes);
  return text === undefined ? { refused: "parse_error" } : { text };
};

const isEmpty = (came: Came): boolean => "text" in came && came.text.trim() === "";

const mayOpen = (came: Came): boolean => "text" in came && came.text.includes("initialize");

/** A session on a pipe is nobody else's, and there is no other way into it. */
const endSession = async ({ desk, peer, sessionId }: StdioLine): Promise<void> => {
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

const attend = async (line: StdioLine, came: Came): Promise<void> => {
  const session = await handle(line.desk, receive(arrivalOf(line, came)));
  line.sessionId = session?.id ?? line.sessionId;
};

const arrivalOf = (line: StdioLine, came: Came): Arrival => ({
  requestId: randomUUID(),
  at: line.desk.gate.clock.now(),
  transport: "stdio",
  credential: { kind: "local", grant: line.peer.grant },
  server: line.peer.server,
  headers: undefined,
  sessionId: line.sessionId,
  read: async () => came,
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
