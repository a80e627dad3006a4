import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { JsonNumber, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame, NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Upstream } from "./port.ts";

const UNRULY = fileURLToPath(new URL("../../test/fixtures/upstreams/unruly.ts", import.meta.url));
const opened: Upstream[] = [];

const upstream = (
  manner = "legacy",
  change: Partial<ServerSpec> = {},
  command = process.execPath,
): Upstream => {
  const made = openUpstream(
    {
      name: "unruly",
      transport: { kind: "stdio", command, args: [UNRULY, manner], env: { OWN: "own" }, cwd: tmpdir() },
      isolation: "session",
      startMs: 20_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 100_000,
      ...change,
    },
    { version: "0", mask: (text) => text.replaceAll("hunter2-hunter2", "[masked]") },
  );
  opened.push(made);
  return made;
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

const request = (method: string, params: Json, id: Json = 1): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, method, params })) as RequestFrame;
const call = (name: string, id: Json = 1, more: JsonObject = {}): RequestFrame =>
  request("tools/call", { name, ...more }, id);
const INITIALIZE = request("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "t", version: "1" },
});
const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  onInterim: () => {},
  signal: new AbortController().signal,
  ...change,
});
const open = async (manner?: string, change?: Partial<ServerSpec>): Promise<Channel> =>
  (await upstream(manner, change).openLegacy(INITIALIZE)).channel;
const ask = (channel: Channel, frame: RequestFrame, change?: Partial<Exchange>): Promise<Answer> =>
  channel.request(frame, exchange(change));
const textOf = (answer: Answer): string => {
  const plain = JSON.parse(writeJson(answer.frame.value)) as { result: { content: [{ text: string }] } };
  return plain.result.content[0].text;
};
const failure = async (promise: Promise<unknown>): Promise<UpstreamFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UpstreamFailure);
  return error as UpstreamFailure;
};
/** A process that has ended may stay in the table until its parent looks. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch (error) {
    return (
      !(error instanceof Error && "code" in error && error.code === "ESRCH") && !existsSync("/proc/self/stat")
    );
  }
};

describe("a legacy server over stdio", () => {
  it("is opened by the client's own initialize", async () => {
    const { channel, answer } = await upstream().openLegacy(INITIALIZE);
    expect(channel.spoken).toMatchObject({ era: "legacy", revision: "2025-06-18" });
    expect(member(channel.spoken.hello, "serverInfo")).toEqual({ name: "u", version: "1" });
    expect(answer.frame.id).toBe(1);
    const messages: Frame[] = [];
    channel.onMessage((frame) => void messages.push(frame));
    expect(messages).toMatchObject([{ method: "notifications/message" }]);
  });

  it("gets what was sent, numbers in their own text, and answers with the caller's id", async () => {
    const channel = await open();
    const frame = readFrame(
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"echo","arguments":{"n":1.0,"m":1e2}}}',
    ) as RequestFrame;
    const answer = await ask(channel, frame);
    expect(answer.frame.id instanceof JsonNumber && answer.frame.id.text).toBe("9007199254740993");
    expect(answer).toMatchObject({ httpStatus: null });
    expect(answer.bytes).toBeGreaterThan(50);
  });

  it("gets PATH, HOME, LANG, TMPDIR and its own environment, and its own directory", async () => {
    const channel = await open();
    const env = JSON.parse(textOf(await ask(channel, call("environment")))) as Record<string, string>;
    const names = Object.keys(env).filter((name) => !["PATH", "HOME", "LANG", "TMPDIR"].includes(name));
    expect(names).toEqual(["OWN"]);
    expect(env["PATH"]).toBe(process.env["PATH"]);
    expect(textOf(await ask(channel, call("place")))).toBe(tmpdir());
  });

  it("may flood its standard error; the last of it is kept, masked", async () => {
    const made = upstream();
    const { channel } = await made.openLegacy(INITIALIZE);
    expect(textOf(await ask(channel, call("flood")))).toBe("flooded");
    await expect.poll(() => made.stderrTail()).toContain("the secret is [masked]");
    expect(made.stderrTail().length).toBeLessThanOrEqual(LIMITS.stderr_bytes_kept);
    expect(made.stderrTail()).not.toContain("hunter2");
  });

  it("may write rubbish between its messages; it is noted", async () => {
    const made = upstream();
    const { channel } = await made.openLegacy(INITIALIZE);
    expect(textOf(await ask(channel, call("rubbish")))).toBe("after rubbish");
    expect(made.stderrTail()).toContain("Server started on port 80!");
    expect(made.stderrTail().match(/not a message/g)).toHaveLength(2);
  });

  it("may send a message byte by byte", async () => {
    const channel = await open();
    const answer = await ask(channel, call("slices"));
    expect(answer.frame.result).toEqual({ content: "größe 🔧" });
  });

  it("may answer what was not asked; nobody gets it", async () => {
    const channel = await open();
    expect(textOf(await ask(channel, call("stray")))).toBe("mine");
  });
});

describe("a line with several messages", () => {
  const batch = call("batch", 1, { _meta: { progressToken: 1 } });

  it("is read in the revision that has such lines, each message alone", async () => {
    const made = upstream("batches");
    const { channel } = await made.openLegacy(INITIALIZE);
    const unasked: Frame[] = [];
    channel.onMessage((frame) => void unasked.push(frame));
    const interim: Frame[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const answering = ask(channel, batch, {
      onInterim: (frame) => {
        interim.push(frame);
        return promise;
      },
    });
    await expect.poll(() => interim).toHaveLength(1);
    expect(unasked).toHaveLength(1); // What came early. The rest of the line waits for who takes its first.
    resolve();
    const answer = await answering;
    expect(textOf(answer)).toBe("batched");
    expect(answer.bytes).toBe(writeJson(answer.frame.value).length);
    expect(unasked[1]).toMatchObject({ params: { data: "in a batch" } });
    expect(made.stderrTail().match(/not a message/g)).toHaveLength(1);
  });

  it("is none in any other revision", async () => {
    const made = upstream("legacy", { callMs: 400 });
    const { channel } = await made.openLegacy(INITIALIZE);
    expect(await failure(ask(channel, batch))).toMatchObject({ kind: "timeout" });
    expect(made.stderrTail()).toContain("not a message");
  });
});

describe("an answer that cannot be read", () => {
  it.each(["twice", "latin"])("(%s) fails its request at once as nonsense, and no other", async (name) => {
    const channel = await open();
    const other = ask(channel, call("progress", "other"));
    expect(await failure(ask(channel, call(name)))).toMatchObject({ kind: "nonsense" });
    expect(textOf(await other)).toBe("done");
  });

  it("because it is over the bound fails its request, and no other", async () => {
    const channel = await open();
    const other = ask(channel, call("progress", "other"));
    expect(await failure(ask(channel, call("huge")))).toMatchObject({ kind: "nonsense" });
    expect(textOf(await other)).toBe("done");
  });
});

describe("a server that is gone", () => {
  it("was never there where the command does not exist or ends at once", async () => {
    const missing = upstream("legacy", {}, "/nonexistent/command");
    expect(await failure(missing.openLegacy(INITIALIZE))).toMatchObject({ kind: "never_ran" });
    expect(await failure(missing.openModern())).toMatchObject({ kind: "never_ran" });
    expect(await failure(upstream("ends").openLegacy(INITIALIZE))).toMatchObject({ kind: "never_ran" });
  });

  it("loses the requests under way, tells it once, and takes no more", async () => {
    const channel = await open();
    const reasons: string[] = [];
    channel.onClosed((reason) => reasons.push(reason));
    const hanging = failure(ask(channel, call("hang", 1)));
    expect(await failure(ask(channel, call("die", 2)))).toMatchObject({ kind: "lost" });
    expect(await hanging).toMatchObject({ kind: "lost" });
    expect(await failure(ask(channel, call("echo", 3)))).toMatchObject({ kind: "never_ran" });
    expect(
      await failure(channel.send(readFrame('{"jsonrpc":"2.0","method":"x/y"}') as NotificationFrame)),
    ).toMatchObject({
      kind: "never_ran",
    });
    expect(reasons).toEqual(["The server ended (code 3)."]);
  });

  it("leaves no process of its own behind", async () => {
    const channel = await open();
    const pid = Number(textOf(await ask(channel, call("child"))));
    expect(isAlive(pid)).toBe(true);
    await channel[Symbol.asyncDispose]();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("is ended by force if it does not end by itself", async () => {
    const channel = await open("stubborn");
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    await channel[Symbol.asyncDispose]();
    expect(await closed).toBe("The server ended (SIGKILL).");
  }, 20_000);
});

describe("an answer that does not come", () => {
  it("is waited for so long, and the server is told", async () => {
    const channel = await open("legacy", { callMs: 300 });
    expect(await failure(ask(channel, call("hang", "h")))).toMatchObject({ kind: "timeout" });
    const seen = textOf(await ask(channel, call("seen", 2)));
    expect(seen).toContain('"method":"notifications/cancelled","params":{"requestId":"h"');
  });

  it("is waited for longer while there is progress", async () => {
    const channel = await open("legacy", { callMs: 400 });
    const interim: Frame[] = [];
    const frame = call("progress", 1, { _meta: { progressToken: "p" } });
    const answer = await ask(channel, frame, { onInterim: (each) => void interim.push(each) });
    expect(textOf(answer)).toBe("done");
    expect(interim).toHaveLength(6);
  });

  it("is not waited for when the caller goes, and the server is told", async () => {
    const channel = await open();
    const controller = new AbortController();
    const failed = failure(ask(channel, call("hang", "h"), { signal: controller.signal }));
    controller.abort();
    expect(await failed).toMatchObject({ kind: "cancelled" });
    expect(textOf(await ask(channel, call("seen", 2)))).toContain('"requestId":"h"');
    const never = ask(channel, call("hang", "h"), { signal: AbortSignal.abort() });
    expect(await failure(never)).toMatchObject({ kind: "never_ran" });
  });

  it("does not end an initialize with a cancellation", async () => {
    const made = upstream("legacy", { startMs: 1 });
    expect(await failure(made.openLegacy(INITIALIZE))).toBeInstanceOf(UpstreamFailure);
  });
});

describe("requests of several clients on one channel", () => {
  it("may have one id and one token: each gets its own answer and progress", async () => {
    const channel = await open();
    const frames: Frame[][] = [[], []];
    const answers = await Promise.all(
      frames.map((interim) =>
        ask(channel, call("progress", 7, { _meta: { progressToken: 7 } }), {
          onInterim: (each) => void interim.push(each),
        }),
      ),
    );
    expect(answers.map((answer) => answer.frame.id)).toEqual([7, 7]);
    for (const interim of frames) {
      expect(interim).toHaveLength(6);
      expect(interim[0]).toMatchObject({ params: { progressToken: 7, progress: 1 } });
    }
    const sent = JSON.parse(textOf(await ask(channel, call("seen", 8)))) as { id: Json }[];
    expect(sent.filter(({ id }) => id === 7)).toHaveLength(1);
  });

  it("do not get each other's late answers", async () => {
    const channel = await open("legacy", { callMs: 250 });
    const late = failure(ask(channel, call("progress", 1)));
    expect(await late).toMatchObject({ kind: "timeout" });
    const answer = await ask(channel, call("seen", 1));
    expect(textOf(answer)).toContain('"name":"progress"');
    expect(answer.frame.id).toBe(1);
  });

  it("cannot be cancelled by another client that has the same id", async () => {
    const channel = await open();
    const signal = AbortSignal.timeout(1_500);
    const both = [call("hang", 7), call("hang", 7)].map((frame) => failure(ask(channel, frame, { signal })));
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}';
    await channel.send(readFrame(cancel) as NotificationFrame);
    const seen = textOf(await ask(channel, call("seen", 8)));
    expect(seen).not.toContain("notifications/cancelled");
    await Promise.all(both);
  });
});

describe("the probe", () => {
  const modernCall = (id: Json): RequestFrame => call("echo", id, { arguments: { a: 1 } });

  it("finds a modern server, and keeps the process it asked", async () => {
    const channel = await upstream("modern").openModern();
    expect(channel?.spoken).toMatchObject({ era: "modern", revision: "2026-07-28" });
    const answer = channel && (await ask(channel, modernCall("x")));
    expect(answer?.frame.id).toBe("x");
  });

  it("gives a subscription's messages to the subscription, under its own id", async () => {
    const channel = await upstream("modern").openModern();
    const listen = (): Promise<Json[]> =>
      new Promise((resolve) => {
        const ids: Json[] = [];
        const frame = request("subscriptions/listen", { notifications: {} }, 5);
        const onInterim = (each: Frame): void => {
          ids.push(each.value["params"] ?? null);
        };
        void channel?.request(frame, exchange({ onInterim })).then(({ frame: last }) => {
          resolve([...ids, last.result ?? null]);
        });
      });
    const _meta = { "io.modelcontextprotocol/subscriptionId": 5 };
    const expected = [
      { _meta, notifications: {} },
      { resultType: "complete", _meta },
    ];
    expect(await Promise.all([listen(), listen()])).toEqual([expected, expected]);
  });

  it("finds a legacy server by its error, whatever its code, and remembers it", async () => {
    const made = upstream("legacy");
    expect(await made.openModern()).toBeUndefined();
    expect(await made.openModern()).toBeUndefined();
    expect((await made.openLegacy(INITIALIZE)).channel.spoken.era).toBe("legacy");
  });

  it("takes silence and an end for a legacy server", async () => {
    expect(await upstream("silent", { startMs: 400 }).openModern()).toBeUndefined();
    expect(await upstream("ends").openModern()).toBeUndefined();
  });
});
