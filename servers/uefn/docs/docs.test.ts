import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isPublic } from "./addresses.ts";
import { Docs } from "./docs.ts";
import { readPage, type Net, type PageReader } from "./pages.ts";

const NEVER = new AbortController().signal;
let folder: string;
let outside: string;
let server: Server;
let port: number;

const PAGES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/page": (response) =>
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end("<p>Page"),
  "/moved": (response) => response.writeHead(302, { Location: "/page" }).end(),
  "/away": (response) => response.writeHead(302, { Location: "https://evil.example/" }).end(),
  "/down": (response) => response.writeHead(301, { Location: "http://docs.example/page" }).end(),
  "/loop": (response) => response.writeHead(302, { Location: "/loop" }).end(),
  "/image": (response) => response.writeHead(200, { "Content-Type": "image/png" }).end("x"),
  "/packed": (response) =>
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Encoding": "gzip" }).end("x"),
  "/huge": (response) =>
    response.writeHead(200, { "Content-Type": "text/plain" }).end(Buffer.alloc(1024 * 1024 + 1)),
  "/cut": (response) => {
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": "9" });
    response.write("x", () => response.destroy());
  },
};

const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "uefn-docs-"));
  outside = await mkdtemp(join(tmpdir(), "uefn-outside-"));
  await mkdir(join(folder, "deep", "er"), { recursive: true });
  await writeFile(
    join(folder, "devices.md"),
    "Source: https://docs.example/page\n\n# Devices\n\nSomething.\n\n## Trigger device\n\nA trigger_device has TriggeredEvent.\n",
  );
  await writeFile(
    join(folder, "deep", "er", "code.verse"),
    "my_device := class(creative_device):\n    OnBegin():void={}\n",
  );
  await writeFile(join(folder, "notes.txt"), "Nothing of note about a trigger.\n");
  await writeFile(join(folder, "trigger.pdf"), "trigger");
  await writeFile(join(folder, "trigger-huge.md"), "trigger ".repeat(200_000));
  await writeFile(join(outside, "secret.md"), "trigger outside");
  await symlink(outside, join(folder, "link"));
  await symlink(join(outside, "secret.md"), join(folder, "secret.md"));
  server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url ?? "");
    (PAGES[request.url ?? ""] ?? ((none) => none.writeHead(404).end()))(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
  await rm(outside, { recursive: true });
});

/** Every name is the server of this test. */
const NET: Net = {
  resolve: async () => ["203.0.113.7"],
  isPublic: () => true,
  open: async (url) => {
    const request = get({ host: "127.0.0.1", port, path: url.pathname, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  },
};

const readerOf = (net: Partial<Net> = {}, hosts: readonly string[] = ["docs.example"]): PageReader => ({
  hosts: new Set(hosts),
  net: { ...NET, ...net },
});

interface Found {
  readonly total: number;
  readonly incomplete: boolean;
  readonly results: readonly Record<string, unknown>[];
}

const query = async (params: object, reader = readerOf()): Promise<Found> => {
  const { structuredContent } = await new Docs(folder, reader).query({ ...params }, NEVER);
  return structuredContent as Found;
};

const pathsOf = ({ results }: Found): readonly unknown[] => results.map(({ path }) => path);

it("finds sections by their words, the best first, in files of the folder only", async () => {
  const found = await query({ query: "trigger" });
  expect(pathsOf(found)).toEqual(["devices.md", "notes.txt"]);
  expect(found.results[0]).toMatchObject({
    title: "Trigger device",
    line: 7,
    source_url: "https://docs.example/page",
    snippet: "## Trigger device\n\nA trigger_device has TriggeredEvent.",
  });
  // One file is too large.
  expect(found.incomplete).toBe(true);
});

it("finds names by their parts and as a whole, in folders too", async () => {
  expect(pathsOf(await query({ query: "onbegin" }))).toEqual(["deep/er/code.verse"]);
  expect(pathsOf(await query({ query: "begin" }))).toEqual(["deep/er/code.verse"]);
  expect((await query({ query: "nowhere" })).total).toBe(0);
});

it("gives as many as are wanted, from where they are wanted", async () => {
  const found = await query({ query: "trigger", limit: 1, offset: 1 });
  expect([found.total, pathsOf(found)]).toEqual([2, ["notes.txt"]]);
});

it("reads the sources of what it finds where that is wanted", async () => {
  const [first] = (await query({ query: "TriggeredEvent", fetch_source_urls: true })).results;
  expect(first).toMatchObject({ source_text: "<p>Page" });
  const refused = await query({ query: "TriggeredEvent", fetch_source_urls: true }, readerOf({}, []));
  expect(refused.results[0]).toMatchObject({ source_problem: expect.stringContaining("--docs-hosts") });
  const none = await query({ query: "TriggeredEvent", fetch_source_urls: true, max_fetches: 0 });
  expect(none.results[0]).not.toHaveProperty("source_text");
});

it("says what to do where there is no folder, or none that can be read", async () => {
  for (const [docs, text] of [
    [undefined, "--docs DIR"],
    [join(folder, "none"), "cannot be read"],
  ] as const) {
    const result = await new Docs(docs, readerOf()).query({ query: "x" }, NEVER);
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).toContain(text);
    expect(JSON.stringify(result)).not.toContain(tmpdir());
  }
});

it("reads a page, and where it moved to on the same host", async () => {
  for (const path of ["page", "moved"]) {
    expect(await readPage(`https://docs.example/${path}`, readerOf(), NEVER)).toEqual({
      kind: "page",
      url: "https://docs.example/page",
      contentType: "text/html; charset=utf-8",
      text: "<p>Page",
    });
  }
});

it.each([
  "http://docs.example/page",
  "https://docs.example:8443/page",
  "https://user@docs.example/page",
  "https://evil.example/page",
  "https://docs.example.evil.example/page",
  "https://docs.example./page",
  "https://dócs.example/page",
  "https://docs.example@evil.example/page",
  "https://2130706433/page",
  "https://[::1]/page",
  "https://127.0.0.1/page",
  "file:///etc/passwd",
  "no address",
])("does not even ask for %s", async (url) => {
  const before = asked.length;
  expect((await readPage(url, readerOf(), NEVER)).kind).toBe("refused");
  expect(asked).toHaveLength(before);
});

it.each([
  ["away", "evil.example"],
  ["down", "https"],
  ["loop", "too often"],
  ["image", "not text"],
  ["packed", "not text"],
  ["huge", "larger"],
  ["cut", "could not be reached"],
  ["none", "404"],
])("does not read /%s", async (path, why) => {
  const page = await readPage(`https://docs.example/${path}`, readerOf(), NEVER);
  expect(page).toEqual({ kind: "refused", problem: expect.stringContaining(why) });
});

it("does not connect where any address of the host is not public", async () => {
  const before = asked.length;
  const resolve = async (): Promise<readonly string[]> => ["93.184.215.14", "127.0.0.1"];
  const page = await readPage("https://docs.example/page", readerOf({ resolve, isPublic }), NEVER);
  expect(page).toEqual({ kind: "refused", problem: expect.stringContaining("public internet") });
  expect(asked).toHaveLength(before);
});

it("does not wait longer than it may for a name that nobody answers for", async () => {
  const cancel = new AbortController();
  const page = readPage(
    "https://docs.example/page",
    readerOf({
      resolve: () => {
        setImmediate(() => cancel.abort());
        return new Promise(() => {});
      },
    }),
    cancel.signal,
  );
  expect(await page).toEqual({ kind: "refused", problem: expect.stringContaining("in time") });
});

it("knows which addresses are public", () => {
  const inside = [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
  ];
  const inside6 = [
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
  ];
  expect([...inside, ...inside6, "name", ""].filter(isPublic)).toEqual([]);
  const public46 = ["93.184.215.14", "172.32.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"];
  expect(public46.filter(isPublic)).toEqual(public46);
});
