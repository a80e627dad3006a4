import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createPublicKey } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readHeads, type Head } from "../audit/heads.ts";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { AuditConfig } from "../config/audit.ts";
import { adminOf } from "../store/conformance/sample-records.ts";
import { temporaryDirectory } from "../store/conformance/temporary.ts";
import { signingKeyIn } from "../store/data-dir.ts";
import { openJournal } from "../store/journal/open-journal.ts";
import type { Journal } from "../store/journal/journal.ts";
import { SYSTEM_IO } from "../store/journal/io.ts";
import { SignedHeads } from "./heads.ts";
import { appendHead, shortenHeads } from "./heads-places.ts";

interface World {
  readonly directory: string;
  readonly journal: Journal;
  readonly heads: SignedHeads;
  readonly logged: string[];
  config: AuditConfig["heads"];
  readonly headsIn: (path?: string) => readonly Head[];
  /** Calls of the journal's sync. */
  syncs: number;
}

const world = (
  config: AuditConfig["heads"] = { everySeconds: 1, to: undefined },
  sync: (world: World) => Error | null = () => null,
): World => {
  const directory = temporaryDirectory();
  const key = signingKeyIn(directory);
  const logged: string[] = [];
  const told: Log["info"] = (message, fields) =>
    void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const journal = openJournal({
    directory: join(directory, "journal"),
    durability: "process",
    clock: systemClock,
    segmentBytes: 2_000,
    io: {
      sync: (file, done) => {
        made.syncs += 1;
        const error = sync(made);
        return error === null ? SYSTEM_IO.sync(file, done) : done(error);
      },
    },
  });
  const heads = new SignedHeads({
    journal,
    key,
    dataDirectory: directory,
    config: () => made.config,
    clock: systemClock,
    log: { info: told, warn: told, error: told },
    tickMs: 10,
  });
  const headsIn = (path = join(directory, "heads.jsonl")): readonly Head[] => {
    const { heads, problem } = readHeads(
      existsSync(path) ? readFileSync(path, "utf8") : "",
      path,
      createPublicKey(key),
    );
    expect(problem).toBeUndefined();
    return heads;
  };
  const made: World = { directory, journal, heads, logged, config, headsIn, syncs: 0 };
  onTestFinished(async () => {
    await heads[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
  });
  return made;
};

const grow = async ({ journal }: World, number = 1): Promise<void> => {
  await journal.admin(adminOf(number));
};
const covers = (head: Head | undefined, { journal }: World): void => {
  expect(head).toMatchObject({ place: journal.position(), head: journal.head() });
};

describe("signed heads", () => {
  it("are signed while the record grows, and not while it does not", async () => {
    const made = world();
    await grow(made);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(1));
    covers(made.headsIn()[0], made);
    await grow(made, 2);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(2));
    covers(made.headsIn()[1], made);
    await made.heads[Symbol.asyncDispose]();
    expect(made.headsIn()).toHaveLength(2);
    expect(statSync(join(made.directory, "heads.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("are signed when a segment was finished, and at a stop", async () => {
    const made = world({ everySeconds: 86_400, to: undefined });
    await grow(made);
    for (let number = 2; made.journal.position().segment === 1; number += 1) {
      await grow(made, number);
    }
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(1));
    covers(made.headsIn()[0], made);
    await grow(made, 99);
    await made.heads[Symbol.asyncDispose]();
    expect(made.headsIn()).toHaveLength(2);
    covers(made.headsIn()[1], made);
  });

  it("are signed for nothing that is not on stable storage", async () => {
    const made = world(undefined, () => Object.assign(new Error("no"), { code: "EIO" }));
    await grow(made);
    await vi.waitFor(() => expect(made.heads.state()).toBe("behind"));
    await made.heads[Symbol.asyncDispose]();
    expect(made.syncs).toBeGreaterThan(0);
    expect(existsSync(join(made.directory, "heads.jsonl"))).toBe(false);
    expect(made.logged).toEqual([
      'a signed head of the record could not be kept {"place":"the data directory","reason":"LedgerUnavailable"}',
    ]);
  });

  it("are kept in a second file too, whose half-written end is cut first", async () => {
    const path = join(temporaryDirectory(), "second.jsonl");
    const made = world({ everySeconds: 1, to: { kind: "file", path } });
    await grow(made);
    await vi.waitFor(() => expect(made.headsIn(path)).toHaveLength(1));
    appendFileSync(path, readFileSync(path, "utf8").slice(0, 50));
    await grow(made, 2);
    await vi.waitFor(() => expect(made.headsIn(path)).toHaveLength(2));
    expect(made.headsIn(path)).toEqual(made.headsIn());
  });

  it("go on where the file was lost, and a place that fails is told once, until it works", async () => {
    const directory = join(temporaryDirectory(), "mounted");
    const path = join(directory, "second.jsonl");
    const made = world({ everySeconds: 1, to: { kind: "file", path } });
    await grow(made);
    await vi.waitFor(() => expect(made.heads.state()).toBe("behind"));
    await grow(made, 2);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(2));
    mkdirSync(directory);
    await vi.waitFor(() => expect(made.heads.state()).toBe("ok"));
    expect(made.headsIn(path)).toEqual(made.headsIn().slice(1));
    expect(made.logged).toEqual([
      'a signed head of the record could not be kept {"place":"the second place","reason":"ENOENT"}',
      'signed heads of the record are kept again {"place":"the second place"}',
    ]);
    rmSync(join(made.directory, "heads.jsonl"));
    await grow(made, 3);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(1));
  });

  it("go to another place as soon as the configuration names it", async () => {
    const path = join(temporaryDirectory(), "later.jsonl");
    const made = world();
    await grow(made);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(1));
    made.config = { everySeconds: 86_400, to: { kind: "file", path } };
    await vi.waitFor(() => expect(made.headsIn(path)).toEqual(made.headsIn()));
    const next = join(temporaryDirectory(), "last.jsonl");
    made.config = { everySeconds: 86_400, to: { kind: "file", path: next } };
    await vi.waitFor(() => expect(made.headsIn(next)).toEqual(made.headsIn()));
  });
});

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A server that keeps what it is sent and answers with what it is told to. */
const keeper = async (answer: { status: number; location?: string }) => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      asked.push({ request, body });
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location });
      response.end("thank you");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${String(port)}/heads?token=secret-in-the-url` };
};

describe("heads that are posted", () => {
  it("are one line of JSON, with the configured headers", async () => {
    const { asked, url } = await keeper({ status: 204 });
    const headers = { Authorization: "Bearer secret-of-a-header", "Content-Type": "text/plain" };
    const made = world({ everySeconds: 1, to: { kind: "url", url, headers } });
    await grow(made);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.request).toMatchObject({
      method: "POST",
      url: "/heads?token=secret-in-the-url",
      headers: { authorization: "Bearer secret-of-a-header", "content-type": "application/json" },
    });
    expect(`${asked[0]?.body ?? ""}\n`).toBe(readFileSync(join(made.directory, "heads.jsonl"), "utf8"));
    expect(made.logged).toEqual([]);
  });

  it("wait while the server is down, the newest for all, and nothing secret is logged", async () => {
    const answer = { status: 503 };
    const { asked, url } = await keeper(answer);
    const made = world({ everySeconds: 1, to: { kind: "url", url, headers: { "x-key": "secret-header" } } });
    await grow(made);
    await vi.waitFor(() => expect(made.heads.state()).toBe("behind"));
    await grow(made, 2);
    await vi.waitFor(() => expect(made.headsIn()).toHaveLength(2));
    answer.status = 200;
    await vi.waitFor(() => expect(made.heads.state()).toBe("ok"));
    const newest = readFileSync(join(made.directory, "heads.jsonl"), "utf8").split("\n").at(-2);
    expect(asked.at(-1)?.body).toBe(newest);
    expect(made.logged.map((line) => line.slice(0, 50))).toHaveLength(2);
    expect(made.logged.join("\n")).toContain("HTTP status 503");
    expect(made.logged.join("\n")).not.toMatch(/secret|127\.0\.0\.1/u);
  });

  it("do not follow a redirect, and are tried a last time at a stop", async () => {
    const other = await keeper({ status: 200 });
    const first = await keeper({ status: 307, location: other.url });
    const made = world({ everySeconds: 1, to: { kind: "url", url: first.url, headers: {} } });
    await grow(made);
    await vi.waitFor(() => expect(made.heads.state()).toBe("behind"));
    const before = first.asked.length;
    await made.heads[Symbol.asyncDispose]();
    expect(first.asked.length).toBeGreaterThan(before);
    expect(other.asked).toEqual([]);
    expect(made.logged.join("\n")).toContain("HTTP status 307");
  });

  it("fail where nobody listens", async () => {
    const made = world({
      everySeconds: 1,
      to: { kind: "url", url: "http://127.0.0.1:1/secret", headers: {} },
    });
    await grow(made);
    await vi.waitFor(() => expect(made.heads.state()).toBe("behind"));
    expect(made.logged).toEqual([
      'a signed head of the record could not be kept {"place":"the second place","reason":"ECONNREFUSED"}',
    ]);
  });
});

describe("a file of heads", () => {
  it("is not cut or written to where it is another file", async () => {
    const path = join(temporaryDirectory(), "notes.txt");
    writeFileSync(path, "dear diary");
    await expect(appendHead(path, '{"at":"x"}')).rejects.toThrow("not one of signed heads");
    expect(readFileSync(path, "utf8")).toBe("dear diary");
  });

  it("loses its older half when it is over its bound", async () => {
    const path = join(temporaryDirectory(), "heads.jsonl");
    const lines = Array.from({ length: 100 }, (_, number) => `{"at":"${String(number).padStart(3, "0")}"}\n`);
    writeFileSync(path, lines.join(""));
    await shortenHeads(path, 5_000);
    expect(readFileSync(path, "utf8")).toBe(lines.join(""));
    await shortenHeads(path, 1_000);
    const kept = readFileSync(path, "utf8");
    expect(kept.length).toBeGreaterThan(400);
    expect(lines.join("").endsWith(`\n${kept}`)).toBe(true);
  });
});
