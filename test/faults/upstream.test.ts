import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, journalOf, Witness, WITNESS } from "../support/gateway.ts";
import { discovered, listing, Puppet, said } from "../support/puppet.ts";
import { codeOf, configOf, childrenOf, linesOf, peakMemory, resetPeakMemory } from "./support.ts";

// Servers that are dead, hang, answer rubbish or far too much, each behind its name in one gateway, beside one that is
// well. Lists and discovery that are rubbish: test/attacks/bypasses.test.ts and floods.test.ts. Commands that do not
// start, end or babble: test/e2e/lifecycle.test.ts.

const HANGING_MS = 1_500;
const MEGABYTE = Buffer.alloc(1024 * 1024, "x");
const HUGE_MEGABYTES = 100;
/** One message of a server is held at most (16 MiB), in the forms in which it is read; the rest is what Node keeps. */
const GROWTH_MIB_MAX = 250;

type Respond = (response: ServerResponse, id: unknown) => void | Promise<void>;

const json = (response: ServerResponse, body: string | Uint8Array): void => {
  response.writeHead(200, { "content-type": "application/json" }).end(body);
};
const answer = (id: unknown, text = "done"): string => JSON.stringify({ jsonrpc: "2.0", id, ...said(text) });

/** Writes a body that is far too long, as fast as it is taken, until the other side has had enough. */
const pour = async (response: ServerResponse, begin: string): Promise<void> => {
  const gone = once(response, "close");
  response.write(begin);
  for (let sent = 0; sent < HUGE_MEGABYTES && !response.destroyed; sent += 1) {
    if (!response.write(MEGABYTE)) {
      const taken = new Promise<void>((resolve) => response.once("drain", resolve));
      await Promise.race([taken, gone]);
    }
  }
  response.end();
};

interface Fault {
  readonly respond: Respond;
  readonly code: number;
  readonly outcome: string;
}

/** What a server does with a call that reached it, the error's code and the record's outcome. It may have acted. */
const FAULTS: Readonly<Record<string, Fault>> = {
  hangs: { respond: () => {}, code: 1002, outcome: "timeout" },
  "hangs-after-headers": {
    respond: (response) => response.writeHead(200, { "content-type": "application/json" }).flushHeaders(),
    code: 1002,
    outcome: "timeout",
  },
  "hangs-in-a-stream": {
    respond: (response) => response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
    code: 1002,
    outcome: "timeout",
  },
  "hangs-in-an-answer": {
    respond: (response, id) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(answer(id).slice(0, -10));
    },
    code: 1002,
    outcome: "timeout",
  },
  "no-json": {
    respond: (response) => json(response, "<html>Bad day</html>"),
    code: 1003,
    outcome: "unknown",
  },
  "half-json": {
    respond: (response, id) => json(response, answer(id).slice(0, -2)),
    code: 1003,
    outcome: "unknown",
  },
  nothing: { respond: (response) => json(response, ""), code: 1003, outcome: "unknown" },
  "other-id": { respond: (response) => json(response, answer("another")), code: 1003, outcome: "unknown" },
  "double-keys": {
    respond: (response, id) => json(response, answer(id).replace('"result"', '"result":{},"result"')),
    code: 1003,
    outcome: "unknown",
  },
  binary: {
    respond: (response) =>
      json(
        response,
        Uint8Array.from({ length: 4_096 }, (_, nth) => (nth * 151) % 256),
      ),
    code: 1003,
    outcome: "unknown",
  },
  "no-utf-8": {
    respond: (response, id) => json(response, Buffer.from(answer(id, "\u00e9"), "latin1")),
    code: 1003,
    outcome: "unknown",
  },
  "an-array": {
    respond: (response, id) => json(response, `[${answer(id)}]`),
    code: 1003,
    outcome: "unknown",
  },
  "cut-off": {
    respond: (response, id) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "10000" });
      response.write(answer(id), () => response.destroy());
    },
    code: 1001,
    outcome: "unknown",
  },
  "hangs-up": { respond: (response) => void response.destroy(), code: 1001, outcome: "unknown" },
  huge: {
    respond: (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      return pour(response, '{"jsonrpc":"2.0","id":1,"result":{"content":"');
    },
    code: 1003,
    outcome: "unknown",
  },
  "huge-event": {
    respond: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      return pour(response, "event: message\ndata: ");
    },
    code: 1003,
    outcome: "unknown",
  },
};

/** One call for life, at each server: whether a charge was kept shows with the next. */
const onlyOnce = { limits: [{ counter: "acts", window: "lifetime", max: 1, scope: "server" }] };
const policy = {
  version: "1",
  default: "allow",
  all_tools: { arguments: "any" },
  tools: { act: onlyOnce, slow: onlyOnce, echo: {} },
};

const puppets: Puppet[] = [];
let gateway: Gateway;
let good: Witness;
let doomed: Witness;
let late: { readonly url: string; readonly port: number; readonly journal: string };
let pipeJournal = "";

/** A port on which nobody listens. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

const puppetOf = async (respond: Respond): Promise<Puppet> => {
  const puppet = await Puppet.start({
    "server/discover": () => discovered(),
    "tools/list": () => listing("act", "other"),
    "tools/call": ({ response, message }) => {
      void respond(response, message.id);
      return undefined;
    },
  });
  puppets.push(puppet);
  return puppet;
};

beforeAll(async () => {
  gateway = new Gateway({});
  good = await Witness.start(gateway.directory);
  const faulty = await Promise.all(
    Object.entries(FAULTS).map(async ([name, { respond }]) => {
      const { url } = await puppetOf(respond);
      return [name, { type: "http", url, tollgate: { callMs: HANGING_MS } }] as const;
    }),
  );
  const port = await freePort();
  const journal = join(gateway.directory, "late.jsonl");
  late = { url: `http://127.0.0.1:${String(port)}/mcp`, port, journal };
  doomed = await Witness.start(gateway.directory);
  pipeJournal = join(gateway.directory, "pipe.jsonl");
  const pipe = (...args: readonly string[]): object => ({
    command: process.execPath,
    args: [WITNESS, "--journal", pipeJournal, ...args],
  });
  const servers = {
    good: { type: "http", url: good.url },
    late: { type: "http", url: late.url },
    doomed: { type: "http", url: doomed.url },
    pipe: pipe(),
    "huge-pipe": pipe("--fault", "huge"),
    ...Object.fromEntries(faulty),
  };
  gateway.configure(configOf(servers, { policy }));
  await gateway.serve();
});
afterAll(async () => {
  puppets.forEach((puppet) => puppet.close());
  await gateway[Symbol.asyncDispose]();
  await good[Symbol.asyncDispose]();
  await doomed[Symbol.asyncDispose]();
});

const outcomesOf = (server: string): readonly unknown[] => {
  const lines = linesOf(gateway);
  const ids = lines.filter((line) => line.server === server && line.decision === "allow").map(({ id }) => id);
  return ids.map((id) => lines.find((line) => line.id === id && line.outcome !== undefined)?.outcome);
};

/** Calls a server that is well, again and again, until it is told to stop; how they were answered, and the slowest. */
const meanwhile = (): { readonly stop: () => Promise<{ answers: readonly unknown[]; slowest: number }> } => {
  const answers: unknown[] = [];
  const over = new AbortController();
  let slowest = 0;
  const calling = (async () => {
    while (!over.signal.aborted) {
      const before = performance.now();
      answers.push(codeOf(await gateway.call("good", "live", "echo", { text: "well" })));
      slowest = Math.max(slowest, performance.now() - before);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await calling;
      return { answers, slowest };
    },
  };
};

describe("a server that fails in the middle of a call", () => {
  it.each(Object.entries(FAULTS))(
    "(%s) is told by its code, is recorded, and keeps its charge; other servers' calls go on",
    async (name, { code, outcome }) => {
      const beside = meanwhile();
      expect(codeOf(await gateway.call(name, "live", "act"))).toBe(code);
      await expect.poll(() => outcomesOf(name)).toEqual([outcome]);
      // It may have acted: what it was charged stays charged.
      expect(codeOf(await gateway.call(name, "live", "act"))).toBe("limit_exceeded");
      const { answers, slowest } = await beside.stop();
      expect(new Set(answers)).toEqual(new Set(["ok"]));
      console.log(`${name}: ${String(answers.length)} calls beside it, the slowest ${slowest.toFixed(0)} ms`);
    },
  );
});

describe("a server that nobody can connect to", () => {
  it("never ran: its call is given back, and passes when the server is there", async () => {
    expect(codeOf(await gateway.call("late", "live", "slow"))).toBe(1001);
    const start = (): Promise<Witness> =>
      Witness.start(gateway.directory, "--port", String(late.port), "--journal", late.journal);
    {
      await using witness = await start();
      await expect.poll(async () => codeOf(await gateway.call("late", "live", "echo"))).toBe("ok");
      void witness;
    }
    expect(codeOf(await gateway.call("late", "live", "slow"))).toBe(1001);
    expect(outcomesOf("late")).toEqual(["ok", "unavailable"]);
    await using witness = await start();
    void witness;
    await expect.poll(async () => codeOf(await gateway.call("late", "live", "slow"))).toBe("ok");
    expect(codeOf(await gateway.call("late", "live", "slow"))).toBe("limit_exceeded");
    expect(journalOf(late.journal).map(({ name }) => name)).toEqual(["echo", "slow"]);
    expect(outcomesOf("late").at(-1)).toBe("ok");
  });
});

describe("a server that is killed in the middle of a call", () => {
  /** Calls, and kills when the call is there. */
  const cutShort = async (server: string, journal: string, kill: () => void): Promise<void> => {
    const beside = meanwhile();
    const calling = gateway.call(server, "live", "slow");
    await expect.poll(() => journalOf(journal).filter(({ name }) => name === "slow").length).toBe(1);
    kill();
    expect(codeOf(await calling)).toBe(1001);
    expect(outcomesOf(server)).toEqual(["unknown"]);
    expect(new Set((await beside.stop()).answers)).toEqual(new Set(["ok"]));
  };

  it("over HTTP may have acted: it is charged, and others go on", async () => {
    await cutShort("doomed", doomed.journalFile, () => doomed.program.child.kill("SIGKILL"));
    expect(codeOf(await gateway.call("doomed", "live", "echo"))).toBe(1001);
    expect(outcomesOf("doomed").at(-1)).toBe("unavailable");
  });

  it("as a command may have acted: it is charged, started again, and others go on", async () => {
    await cutShort("pipe", pipeJournal, () => {
      const [child = 0] = childrenOf(gateway.program?.child.pid ?? 0);
      process.kill(child, "SIGKILL");
    });
    await expect.poll(async () => codeOf(await gateway.call("pipe", "live", "echo"))).toBe("ok");
    expect(codeOf(await gateway.call("pipe", "live", "slow"))).toBe("limit_exceeded");
  });
});

describe("answers of 100 MB, many at a time", () => {
  it("are refused in bounded memory", async () => {
    const pid = gateway.program?.child.pid ?? 0;
    await gateway.call("good", "live", "echo");
    resetPeakMemory(pid);
    const before = peakMemory(pid);
    const beside = meanwhile();
    // The one call of a lifetime is spent; these go through a tool without a limit.
    const replies = await Promise.all(
      ["huge", "huge-event", "huge", "huge-event", "huge-pipe"].map((name) =>
        gateway.call(name, "live", name === "huge-pipe" ? "echo" : "other"),
      ),
    );
    const { answers } = await beside.stop();
    const growth = peakMemory(pid) - before;
    console.log(`5 answers of 100 MB at once: the gateway's memory grew by ${growth.toFixed(0)} MiB at most`);
    expect(replies.map(codeOf)).toEqual([1003, 1003, 1003, 1003, 1003]);
    expect(new Set(answers)).toEqual(new Set(["ok"]));
    expect(growth).toBeLessThan(GROWTH_MIB_MAX);
    expect(gateway.program?.child.exitCode).toBeNull();
  });
});
