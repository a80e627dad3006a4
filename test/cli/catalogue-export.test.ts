import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AttackList } from "../../src/catalogue/attacks/result.ts";
import type { ServerEntry } from "../../src/catalogue/entry.ts";
import { HOSTILE_NAMES, serverOf, toolOf } from "../../src/catalogue/pages/testing/entries.ts";
import { PATTERNS } from "../../src/catalogue/pages/testing/patterns.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { FileProblem } from "../../src/cli/ports.ts";
import { Desk, type Ran } from "../support/command.ts";

let desk: Desk;
let servers: readonly ServerEntry[];
let problems: readonly FileProblem[];
let attacks: AttackList;

const BILLING = serverOf(
  "billing",
  ["get_invoice", "create_refund"].map((name) => toolOf(name)),
);
const HOSTILE = serverOf(
  "hostile",
  HOSTILE_NAMES.map((name) => toolOf(name)),
);

beforeEach(() => {
  desk = new Desk();
  servers = [BILLING, HOSTILE];
  problems = [];
  attacks = { attacks: PATTERNS, problems: [] };
});

afterEach(() => {
  desk[Symbol.dispose]();
});

/** The command on a catalogue of these servers. */
const run = (...argv: readonly string[]): Promise<Ran> =>
  desk.run(["catalogue", "export", ...argv], "", {
    instead: {
      catalogue: () => Promise.resolve({ servers, problems }),
      attacks: () => Promise.resolve(attacks),
    },
  });

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(desk.directory, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(desk.directory, folder, path)).isFile())
    .toSorted();

describe("catalogue export", () => {
  it("is one of the commands", () => {
    expect(COMMANDS.map(({ path }) => path.join(" "))).toContain("catalogue export");
  });

  it("writes a page for every server, tool and attack into a new folder, and nothing beside it", async () => {
    const { exit, out, err } = await run("--html", "out/pages");
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toContain(join("out/pages", "index.html"));
    const files = filesIn("out/pages");
    expect(files.length).toBe(7 + PATTERNS.length + 2 + BILLING.tools.length + HOSTILE.tools.length);
    expect(files).toContain(join("tools", "billing", "create_refund.html"));
    expect(readFileSync(join(desk.directory, "out/pages/index.html"), "utf8")).toContain("hostile");
    expect(readdirSync(desk.directory)).toEqual(["out"]);
  });

  it("says what was written, for programs", async () => {
    const { out } = await run("--html", "pages", "--json");
    expect(JSON.parse(out)).toEqual({
      directory: "pages",
      index: join("pages", "index.html"),
      servers: ["billing", "hostile"],
      tools: BILLING.tools.length + HOSTILE.tools.length,
      files: filesIn("pages").length,
      bytes: filesIn("pages").reduce(
        (sum, file) => sum + statSync(join(desk.directory, "pages", file)).size,
        0,
      ),
      removed: 0,
      attacks: PATTERNS.length,
    });
  });

  it("refuses a folder with files of others, and leaves it alone", async () => {
    desk.write("notes/diary.txt", "dear diary");
    desk.write("notes/index.html", "<!doctype html><title>mine</title>");
    const { exit, out, err } = await run("--html", "notes");
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toContain("no earlier export");
    expect(filesIn("notes")).toEqual(["diary.txt", "index.html"]);
  });

  it("writes beside them with --yes, and never takes one of them away", async () => {
    desk.write("notes/diary.txt", "dear diary");
    desk.write("notes/tools/mine.html", "<!doctype html><title>mine</title>");
    expect((await run("--html", "notes", "--yes")).exit).toBe(0);
    expect(filesIn("notes")).toContain("diary.txt");
    expect(filesIn("notes")).toContain(join("tools", "mine.html"));
  });

  it("renews an earlier export: pages of what is gone go, files of others stay", async () => {
    await run("--html", "pages");
    desk.write("pages/CNAME", "catalogue.example.com");
    desk.write("pages/servers/mine.html", "<!doctype html><title>mine</title>");
    const outside = desk.write(
      "outside/kept.html",
      readFileSync(join(desk.directory, "pages/index.html"), "utf8"),
    );
    symlinkSync(join(desk.directory, "outside"), join(desk.directory, "pages/tools/elsewhere"));
    servers = [serverOf("billing", [toolOf("get_invoice")])];
    attacks = { attacks: PATTERNS.slice(1), problems: ["broken: pattern.json: /title Required"] };
    const { exit, out, err } = await run("--html", "pages", "--json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ removed: 3 + HOSTILE.tools.length });
    const files = filesIn("pages");
    expect(files).not.toContain(join("tools", "billing", "create_refund.html"));
    expect(files).toContain(join("tools", "billing", "get_invoice.html"));
    expect(files).not.toContain(join("attacks", "any-tool.html"));
    expect(files).toContain(join("attacks", "shell.html"));
    expect(err).toBe("broken: pattern.json: /title Required\n");
    expect(files).toContain("CNAME");
    expect(files).toContain(join("servers", "mine.html"));
    expect(existsSync(outside)).toBe(true);
  });

  it("writes and removes nothing through a symbolic link, with --yes neither", async () => {
    await run("--html", "pages");
    const own = readFileSync(join(desk.directory, "pages/index.html"), "utf8");
    const victim = desk.write("outside/victim.js", "victim");
    const stale = desk.write("outside/stale.html", own);
    const pages = join(desk.directory, "pages");
    for (const [link, target] of [
      ["assets/site.js", victim],
      ["about.html", stale],
      ["servers", join(desk.directory, "outside")],
      ["tools/billing", join(desk.directory, "outside")],
      ["assets", join(desk.directory, "outside")],
      ["assets/icon.svg", join(desk.directory, "outside/nowhere")],
    ] as const) {
      renameSync(join(pages, link), join(pages, "aside"));
      symlinkSync(target, join(pages, link));
      for (const yes of [[], ["--yes"]]) {
        const { exit, err } = await run("--html", "pages", "--server", "billing", ...yes);
        expect([exit, err]).toEqual([
          1,
          `error: ${join("pages", link)}: a symbolic link stands there; links are not followed\n`,
        ]);
      }
      rmSync(join(pages, link));
      renameSync(join(pages, "aside"), join(pages, link));
    }
    servers = [serverOf("billing", [])];
    renameSync(join(pages, "tools"), join(desk.directory, "tools"));
    symlinkSync(join(desk.directory, "outside"), join(pages, "tools"));
    expect((await run("--html", "pages")).exit).toBe(0);
    expect(filesIn("outside")).toEqual(["stale.html", "victim.js"]);
    expect([readFileSync(victim, "utf8"), readFileSync(stale, "utf8") === own]).toEqual(["victim", true]);
  });

  it("writes into a folder that is named by a link", async () => {
    mkdirSync(join(desk.directory, "real"));
    symlinkSync(join(desk.directory, "real"), join(desk.directory, "public"));
    expect((await run("--html", "public")).exit).toBe(0);
    expect(filesIn("real")).toContain("index.html");
  });

  it.each([
    ["about.html", "<!doctype html>\n<title>mine</title>"],
    ["assets/site.css", "body { color: red }"],
    ["assets/search-index.js", ""],
    ["servers/billing.html", "<!doctype html>"],
  ])("leaves a file of others alone that stands where %s goes, but for --yes", async (path, text) => {
    await run("--html", "pages");
    const file = desk.write(join("pages", path), text);
    servers = [BILLING];
    const { exit, err } = await run("--html", "pages");
    expect([exit, err]).toEqual([
      1,
      `error: ${join("pages", path)} is no file of an earlier export. Move it away, or say --yes to write over it.\n`,
    ]);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(filesIn("pages")).toContain(join("servers", "hostile.html"));
    expect((await run("--html", "pages", "--yes")).exit).toBe(0);
    expect(readFileSync(file, "utf8")).not.toBe(text);
    expect(filesIn("pages").filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  it("does not wait for a pipe that stands where a file goes", async () => {
    mkdirSync(join(desk.directory, "pages"));
    execFileSync("mkfifo", [join(desk.directory, "pages/index.html")]);
    expect((await run("--html", "pages")).err).toContain("no earlier export");
    expect((await run("--html", "pages", "--yes")).err).toContain("something else stands where a file must");
  });

  it("exports only the servers that are asked for, and names the nearest to one that is not there", async () => {
    expect((await run("--html", "pages", "--server", "billing")).exit).toBe(0);
    expect(filesIn("pages").filter((file) => file.startsWith("servers"))).toEqual([
      join("servers", "billing.html"),
    ]);
    const { exit, err } = await run("--html", "other", "--server", "biling");
    expect(exit).toBe(1);
    expect(err).toContain('Did you mean "billing"?');
    expect(existsSync(join(desk.directory, "other"))).toBe(false);
  });

  it("tells of files that it cannot use, and exports the rest", async () => {
    problems = [{ file: "catalogue/broken.json", message: "it is no JSON" }];
    const { exit, err } = await run("--html", "pages");
    expect(exit).toBe(0);
    expect(err).toContain("catalogue/broken.json: warning: it is no JSON");
  });

  it("ends with a sentence where it cannot write", async () => {
    desk.write("file", "text");
    for (const [folder, what] of [
      ["file", "a file stands where a folder must be"],
      ["file/below", "a file stands where a folder must be"],
    ] as const) {
      const { exit, err } = await run("--html", folder);
      expect([exit, err.includes(what), /at .*\.ts/u.test(err)]).toEqual([1, true, false]);
    }
    mkdirSync(join(desk.directory, "pages/index.html"), { recursive: true });
    const { exit, err } = await run("--html", "pages", "--yes");
    expect([exit, err]).toEqual([
      1,
      `error: ${join("pages", "index.html")}: a folder stands where a file must be\n`,
    ]);
  });

  it("needs to be told where", async () => {
    expect((await run()).exit).toBe(2);
    writeFileSync(join(desk.directory, "x"), "");
    expect(readdirSync(desk.directory)).toEqual(["x"]);
  });
});
