import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { done, FakeListener, freePorts, say, type Reply } from "../testing/fake-listener.ts";
import { Editor } from "./editor.ts";
import type { Outcome } from "./outcome.ts";
import type { SecretSource } from "./secret.ts";

const SECRET = "correct-horse";
const NEVER = new AbortController().signal;
const fakes: FakeListener[] = [];

afterEach(async () => {
  await Promise.all(fakes.splice(0).map((fake) => fake.stop()));
});

const start = async (plan: Parameters<typeof FakeListener.start>[0] = {}): Promise<FakeListener> => {
  const fake = await FakeListener.start(plan);
  fakes.push(fake);
  return fake;
};

const secretOf = (text: string | undefined): SecretSource =>
  text === undefined ? { kind: "none" } : { kind: "text", text };
const at = (port: number, secret?: string): Editor => new Editor({ kind: "port", port }, secretOf(secret));
const within = (from: number, count: number, secret?: string): Editor =>
  new Editor({ kind: "range", from, to: from + count - 1 }, secretOf(secret));

const spawn = { command: "spawn_actor", params: { class_path: "/Game/Thing" } };
const problemOf = (outcome: Outcome): string => ("problem" in outcome ? outcome.problem : "");
const commands = (fake: FakeListener): readonly string[] => fake.received.map(({ command }) => command);

/** What becomes of one command that is answered so. */
const answered = async (reply: Reply): Promise<{ outcome: Outcome; fake: FakeListener }> => {
  const fake = await start({ reply: () => reply });
  return { outcome: await at(fake.port).run(spawn, NEVER), fake };
};

it("sends a command with its parameters and gives what the editor answered", async () => {
  const { outcome, fake } = await answered(done({ label: "Thing_1" }));
  expect(outcome).toEqual({ kind: "done", result: { label: "Thing_1" } });
  expect(fake.received).toEqual([{ ...spawn, secret: undefined }]);
});

it("says that the editor failed, without traceback and paths", async () => {
  const error =
    "no file 'C:\\Users\\Jo Doe\\x.py' or /home/jo/y.py for /Game/Thing\nTraceback (most recent call last):\n  File \"z\"";
  const { outcome } = await answered(say({ success: false, error, traceback: "File /home/jo/secret.py" }));
  expect(outcome).toEqual({ kind: "failed", problem: "no file '(a path)' or (a path) for /Game/Thing" });
});

it("takes tracebacks out of nested failures", async () => {
  const nested = [
    { success: false, error: "in /home/jo/y.py", traceback: "x" },
    { success: true, traceback: "kept" },
  ];
  const { outcome } = await answered(done({ results: nested }));
  expect(outcome).toEqual({
    kind: "done",
    result: {
      results: [
        { success: false, error: "in (a path)" },
        { success: true, traceback: "kept" },
      ],
    },
  });
});

const UNKNOWN: readonly (readonly [string, Reply])[] = [
  ["a 504", say({ success: false, error: "Timeout: spawn_actor" }, 504)],
  ["a 500", say({}, 500)],
  ["a cut connection", { kind: "cut" }],
  ["half an answer", { kind: "half" }],
  ["garbage", { kind: "say", status: 200, body: "<html>" }],
  ["no JSON of a listener", say([])],
  [
    "broken UTF-8",
    { kind: "say", status: 200, body: Buffer.from('{"success":true,"result":"\xff"}', "latin1") },
  ],
  [
    "JSON without end of depth",
    { kind: "say", status: 200, body: `{"success":true,"result":${"[".repeat(5_000)}${"]".repeat(5_000)}}` },
  ],
  ["an answer over the bound", { kind: "say", status: 200, body: Buffer.alloc(16 * 1024 * 1024 + 1, " ") }],
];

it.each(UNKNOWN)("does not send again after %s, and says that it may have run", async (_name, reply) => {
  const { outcome, fake } = await answered(reply);
  expect(outcome.kind).toBe("unknown");
  expect(fake.received).toHaveLength(1);
});

it("takes an answer just within the bound", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, " ");
  body.write('{"success":true,"result":1}');
  const { outcome } = await answered({ kind: "say", status: 200, body });
  expect(outcome).toEqual({ kind: "done", result: 1 });
});

it.each([400, 401, 403, 413])("knows that nothing ran after a %i", async (status) => {
  const { outcome, fake } = await answered(say({ success: false, error: "no" }, status));
  expect(outcome.kind).toBe("not-run");
  expect(fake.received).toHaveLength(1);
});

it("does not send again when the time is over, and says that it may have run", async () => {
  const fake = await start({ reply: () => ({ kind: "hang" }) });
  const limit = new AbortController();
  const outcome = at(fake.port).run(spawn, limit.signal);
  await fake.heard(1);
  limit.abort();
  expect((await outcome).kind).toBe("unknown");
  expect(fake.received).toHaveLength(1);
});

it("sends one command at a time, and not at all what had no turn in time", async () => {
  let release = (): void => {};
  const free = new Promise<void>((resolve) => (release = resolve));
  const fake = await start({ reply: async ({ command }) => (await free, done(command)) });
  const editor = at(fake.port);
  const first = editor.run({ command: "one", params: {} }, NEVER);
  const limit = new AbortController();
  const second = editor.run({ command: "two", params: {} }, limit.signal);
  const third = editor.run({ command: "three", params: {} }, NEVER);
  await fake.heard(1);
  limit.abort();
  expect((await second).kind).toBe("not-run");
  expect(commands(fake)).toEqual(["one"]);
  release();
  expect([await first, await third]).toEqual([
    { kind: "done", result: "one" },
    { kind: "done", result: "three" },
  ]);
});

it("has one command at the editor, however many are called at once", async () => {
  let now = 0;
  let most = 0;
  const fake = await start({
    reply: async ({ command }) => {
      now += 1;
      most = Math.max(most, now);
      // As long as a round trip takes: the others, if they were sent, are there by then.
      await (await fetch(`http://127.0.0.1:${String(fake.port)}/`)).text();
      now -= 1;
      return done(command);
    },
  });
  const editor = at(fake.port);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => editor.run(spawn, NEVER)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => "done"));
  expect(most).toBe(1);
});

it("refuses calls that are too many to wait", async () => {
  const fake = await start({ reply: () => ({ kind: "hang" }) });
  const editor = at(fake.port);
  const limit = new AbortController();
  const waiting = Array.from({ length: 100 }, () => editor.run(spawn, limit.signal));
  expect((await editor.run(spawn, NEVER)).kind).toBe("not-run");
  limit.abort();
  await Promise.all(waiting);
});

/** Says who it is, and then nobody is there any more, but perhaps somebody elsewhere. */
const leaving =
  (then: () => Promise<unknown>, from = 1) =>
  async (nonce: string | undefined, fake: FakeListener): Promise<Reply> => {
    if (fake.told.length >= from) {
      fake.deafen();
      await then();
    }
    return say(fake.status(nonce));
  };

it("sends again where nobody took the connection, to who is found then", async () => {
  const from = await freePorts(2);
  const heirs: FakeListener[] = [];
  const next = async (): Promise<unknown> => heirs.push(await start({ port: from + 1 }));
  const old = await start({ port: from, greet: leaving(next, 2) });
  const editor = within(from, 2);
  expect((await editor.run(spawn, NEVER)).kind).toBe("done");
  expect((await editor.run({ command: "undo", params: {} }, NEVER)).kind).toBe("done");
  expect([old, ...heirs].map(commands)).toEqual([["spawn_actor"], ["undo"]]);
});

it("sends again once and not twice", async () => {
  const from = await freePorts(3);
  const heirs: FakeListener[] = [];
  const third = async (): Promise<unknown> => heirs.push(await start({ port: from + 2 }));
  const second = async (): Promise<unknown> =>
    heirs.push(await start({ port: from + 1, greet: leaving(third) }));
  await start({ port: from, greet: leaving(second, 2) });
  const editor = within(from, 3);
  expect((await editor.run(spawn, NEVER)).kind).toBe("done");
  const outcome = await editor.run({ command: "undo", params: {} }, NEVER);
  expect(outcome.kind).toBe("not-run");
  expect(problemOf(outcome)).toContain("stopped listening before the command was sent");
  expect(heirs.map(commands)).toEqual([[], []]);
});

it("finds the editor's new port where the old one takes nobody", async () => {
  const from = await freePorts(2);
  const old = await start({ port: from });
  const editor = within(from, 2);
  expect((await editor.run(spawn, NEVER)).kind).toBe("done");
  await old.stop();
  const heir = await start({ port: from + 1 });
  expect((await editor.run(spawn, NEVER)).kind).toBe("done");
  expect([commands(old), commands(heir)]).toEqual([["spawn_actor"], ["spawn_actor"]]);
});

it("says what to do where no editor is there", async () => {
  const from = await freePorts(2);
  const outcome = await within(from, 2).run(spawn, NEVER);
  expect(outcome.kind).toBe("not-run");
  expect(problemOf(outcome)).toContain(`No editor listens on ports ${String(from)} to ${String(from + 1)}`);
  expect(problemOf(outcome)).toContain("start the listener inside the editor");
});

it("sends nothing where two listeners answer and no secret tells which", async () => {
  const from = await freePorts(2);
  const both = [await start({ port: from }), await start({ port: from + 1 })];
  const outcome = await within(from, 2).run(spawn, NEVER);
  expect(problemOf(outcome)).toContain("Several listeners");
  expect(both.flatMap(commands)).toEqual([]);
});

const STRANGERS: readonly (readonly [string, Reply])[] = [
  ["another port in its body", say({ status: "ok", port: 1, commands: [] })],
  ["no commands", say({ status: "ok" })],
  ["garbage", { kind: "say", status: 200, body: "hello" }],
  ["a 404", say({}, 404)],
  ["an endless body", { kind: "say", status: 200, body: Buffer.alloc(1024 * 1024 + 1, " ") }],
  ["a cut connection", { kind: "cut" }],
  ["silence", { kind: "hang" }],
];

it.each(STRANGERS)("sends nothing where one on a lower port answers with %s", async (_name, reply) => {
  const from = await freePorts(2);
  const stranger = await start({ port: from, greet: () => reply });
  const real = await start({ port: from + 1 });
  const outcome = await within(from, 2).run(spawn, NEVER);
  expect(outcome.kind).toBe("not-run");
  expect(problemOf(outcome)).toContain(`On port ${String(from)} something`);
  expect([...commands(stranger), ...commands(real)]).toEqual([]);
});

it("goes past a squatter that passes on the proof of the real listener, and tells it no secret", async () => {
  const from = await freePorts(2);
  const relay = async (nonce: string | undefined): Promise<Reply> => {
    const answer = await fetch(`http://127.0.0.1:${String(from + 1)}/`, {
      headers: { "x-bridge-nonce": nonce ?? "" },
    });
    return say({ ...((await answer.json()) as object), port: from });
  };
  const squatter = await start({ port: from, greet: relay });
  const real = await start({ port: from + 1, secret: SECRET });
  expect((await within(from, 2, SECRET).run(spawn, NEVER)).kind).toBe("done");
  expect(squatter.told).toEqual([undefined]);
  expect(commands(squatter)).toEqual([]);
  expect(real.received).toEqual([{ ...spawn, secret: SECRET }]);
  // Nobody is told it with the question.
  expect(new Set(real.told)).toEqual(new Set([undefined]));
});

it.each([
  ["the other secret", "wrong-horse"],
  ["no secret", undefined],
])("sends nothing to a listener that knows %s, on a named port too", async (_name, secret) => {
  const fake = await start(secret === undefined ? {} : { secret });
  for (const editor of [at(fake.port, SECRET), within(fake.port, 1, SECRET)]) {
    const outcome = await editor.run(spawn, NEVER);
    expect(outcome.kind).toBe("not-run");
    expect(problemOf(outcome)).toContain("does not prove that it knows the secret");
    expect(problemOf(outcome)).not.toContain(SECRET);
  }
  expect(fake.received).toEqual([]);
});

describe("a secret in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "uefn-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["is not there", undefined, "cannot be read"],
    ["is empty", "\n", "1 to 512 printable characters"],
    ["is of several words", "two words", "1 to 512 printable characters"],
    ["is another one", "wrong-horse", "does not prove that it knows the secret"],
  ])("that %s: nothing is sent, and it is taken when it is right", async (_, text, problem) => {
    const fake = await start({ secret: SECRET });
    const file = join(folder, String(fake.port));
    const editor = new Editor({ kind: "port", port: fake.port }, { kind: "file", file });
    if (text !== undefined) {
      writeFileSync(file, text);
    }
    const outcome = await editor.run(spawn, NEVER);
    expect(outcome.kind).toBe("not-run");
    expect(problemOf(outcome)).toContain(problem);
    expect(problemOf(outcome)).not.toContain(folder);
    expect(fake.received).toEqual([]);
    writeFileSync(file, `${SECRET}\n`);
    expect((await editor.run(spawn, NEVER)).kind).toBe("done");
    expect(fake.received).toEqual([{ ...spawn, secret: SECRET }]);
  });
});

it("asks again before every command: who took the editor's port meanwhile is not trusted", async () => {
  const real = await start({ secret: SECRET });
  const { port } = real;
  const editor = at(port, SECRET);
  expect((await editor.run(spawn, NEVER)).kind).toBe("done");
  await real.stop();
  const squatter = await start({ port });
  expect((await editor.run(spawn, NEVER)).kind).toBe("not-run");
  expect(squatter.received).toEqual([]);
});

it("says that no editor is there, and who is, where only others answer", async () => {
  const from = await freePorts(1);
  await start({ port: from, greet: () => say("hello") });
  const problem = problemOf(await within(from, 1).run(spawn, NEVER));
  expect(problem).toContain("No editor listens");
  expect(problem).toContain(`On port ${String(from)} something else answers`);
  expect(problem).toContain("start the listener inside the editor");
});

it("says that the editor may be busy where only one is there and is silent", async () => {
  const from = await freePorts(1);
  await start({ port: from, greet: () => ({ kind: "hang" }) });
  expect(problemOf(await within(from, 1).run(spawn, NEVER))).toContain("the editor may be busy");
});

it("does not say that nobody is there when the time was over before it knew", async () => {
  const asked = Promise.withResolvers<void>();
  const fake = await start({ greet: () => (asked.resolve(), { kind: "hang" }) });
  const limit = new AbortController();
  const outcome = within(fake.port, 1).run(spawn, limit.signal);
  await asked.promise;
  limit.abort();
  expect((await outcome).kind).toBe("not-run");
  expect(problemOf(await outcome)).toContain("The time for this call was over");
});
