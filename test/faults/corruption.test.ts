import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { Gateway, journalOf, Witness } from "../support/gateway.ts";
import {
  codeOf,
  configOf,
  createGrant,
  diceOf,
  flip,
  health,
  isLong,
  lastSegment,
  linesOf,
  overwrite,
  statusFor,
  until,
} from "./support.ts";

// Files of the data directory that are not as they were written: what can be made again is, and of what cannot
// nothing is forgotten.

const PAGE_BYTES = 4_096;
const SPENT = 3;
/** It is noticed within a second; a busy machine takes its time to ask. */
const NOTICED_MS_MAX = 3_000;
const policy = {
  version: "1",
  default: "allow",
  tools: {
    free: { arguments: "any" },
    wipe: { limits: [{ counter: "wiped", window: "lifetime", max: SPENT }] },
  },
};

interface Stage extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly witness: Witness;
  readonly call: (tool: string, text: string) => Promise<string | number>;
  readonly path: (name: string) => string;
}

/** A gateway that has admitted all that a lifetime holds, among other calls, and does not run. */
const stage = async (stopped: NodeJS.Signals = "SIGTERM"): Promise<Stage> => {
  const gateway = new Gateway({});
  const witness = await Witness.start(gateway.directory);
  const servers = { witness: { type: "http", url: witness.url } };
  gateway.configure(configOf(servers, { policy, audit: { arguments: "full" } }));
  await gateway.serve();
  const call = async (tool: string, text: string): Promise<string | number> =>
    codeOf(await gateway.call("witness", "live", tool, { text }));
  for (let number = 1; number <= SPENT; number += 1) {
    expect(await call("wipe", `spent ${String(number)}`)).toBe("ok");
    expect(await call("free", `free ${String(number)}`)).toBe("ok");
  }
  expect(await call("wipe", "too much")).toBe("limit_exceeded");
  await gateway.stop(stopped);
  return {
    gateway,
    witness,
    call,
    path: (name) => join(gateway.data, name),
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await witness[Symbol.asyncDispose]();
    },
  };
};

/** Whether the gateway starts. Where it does not, it says why in words that a person can act on, and exits with 1. */
const starts = async (gateway: Gateway, says: RegExp): Promise<boolean> => {
  const started = await gateway.serve().then(
    () => true,
    () => false,
  );
  if (!started) {
    expect(await gateway.program?.closed).toBe(1);
    expect(gateway.program?.stderr).toMatch(says);
    expect(gateway.program?.stderr).not.toMatch(/\n\s+at /u);
  }
  return started;
};

const rubbish = (pages: number): Uint8Array => Buffer.alloc(pages * PAGE_BYTES, 0x5a);

/** How many decisions the search copy has. */
const copied = (path: string): number => {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return Number(database.prepare("SELECT count(*) AS n FROM records").get()?.["n"]);
    } finally {
      database.close();
    }
  } catch {
    return 0; // It is being made.
  }
};

const decisions = (gateway: Gateway): number =>
  linesOf(gateway).filter(({ decision }) => decision !== undefined).length;

describe("a search copy with an overwritten page", () => {
  it.each([0, 1])("(page %i) is made anew at the next start, and calls go on", async (page) => {
    await using staged = await stage();
    const { gateway, call, path } = staged;
    overwrite(path("tollgate.db"), page * PAGE_BYTES, rubbish(1));
    await gateway.serve();
    await expect.poll(() => gateway.program?.stderr).toContain("made anew from the journal");
    expect(await call("free", "after")).toBe("ok");
    await expect.poll(() => copied(path("tollgate.db"))).toBe(decisions(gateway));
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });

  it("while the gateway runs stops no call, and is made anew", async () => {
    await using staged = await stage();
    const { gateway, call, path } = staged;
    await gateway.serve();
    overwrite(path("tollgate.db"), 0, rubbish(Math.floor(statSync(path("tollgate.db")).size / PAGE_BYTES)));
    for (let number = 0; number < 20; number += 1) {
      expect(await call("free", `meanwhile ${String(number)}`)).toBe("ok");
    }
    expect((await gateway.command("audit", "tail", "-n", "1")).code).toBe(0);
    expect(await gateway.stop()).toBe(0);
    await gateway.serve();
    expect(await call("free", "after")).toBe("ok");
    await expect.poll(() => copied(path("tollgate.db"))).toBe(decisions(gateway));
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});

const MANY_STARTS_MS = isLong ? 300_000 : 60_000;

describe("a database of grants that is damaged", () => {
  /** A grant that was made and revoked, and one of the file that was revoked. */
  const revoked = async (): Promise<{ staged: Stage; passes: () => Promise<number> }> => {
    const staged = await stage();
    const { gateway } = staged;
    await gateway.serve();
    const token = await createGrant(gateway, "made", "witness");
    expect((await gateway.command("grant", "revoke", "made", "--yes")).code).toBe(0);
    expect(await statusFor(gateway, "witness", token)).toBe(401);
    await gateway.stop();
    return { staged, passes: () => statusFor(gateway, "witness", token) };
  };

  it(
    "in any page keeps the gateway from starting, with a message that names it: no revocation is forgotten",
    async () => {
      const { staged, passes } = await revoked();
      await using closing = staged;
      const { gateway, path } = closing;
      const whole = readFileSync(path("grants.db"));
      const pages = Math.floor(whole.length / PAGE_BYTES);
      // Most pages are room set aside and hold nothing: of those every 24th.
      const some = Array.from({ length: pages }, (_, nth) => nth).filter((nth) => nth < 12 || nth % 24 === 0);
      for (const page of isLong ? some : [0, pages - 1]) {
        overwrite(path("grants.db"), page * PAGE_BYTES, rubbish(1));
        // A page that holds nothing may be as it likes.
        if (await starts(gateway, /grants/u)) {
          expect(await passes(), `page ${String(page)}`).toBe(401);
        }
        await gateway.stop("SIGKILL");
        writeFileSync(path("grants.db"), whole);
      }
      overwrite(path("grants.db"), 0, rubbish(1));
      expect(await starts(gateway, /grants/u)).toBe(false);
      writeFileSync(path("grants.db"), whole);
      await gateway.serve();
      expect(await passes()).toBe(401);
    },
    MANY_STARTS_MS,
  );

  it(
    "in one byte lets nobody in whose grant was revoked",
    async () => {
      const dice = diceOf("a byte of the grants");
      const { staged, passes } = await revoked();
      await using closing = staged;
      const { gateway, path } = closing;
      const whole = readFileSync(path("grants.db"));
      // What is told of a grant stands behind its name: there, and anywhere.
      const places = [...whole.toString("latin1").matchAll(/made(?!_)/gu)].map(({ index }) => index);
      const anywhere = Array.from({ length: isLong ? 20 : 1 }, () => dice.between(100, whole.length - 1));
      for (const place of [...places, ...anywhere]) {
        flip(path("grants.db"), place);
        if (await starts(gateway, /grants/u)) {
          expect(await passes(), `byte ${String(place)}`).toBe(401);
        }
        await gateway.stop("SIGKILL");
        writeFileSync(path("grants.db"), whole);
      }
    },
    MANY_STARTS_MS,
  );
});

describe("a record with a changed byte", () => {
  // Each is inside the first call that was charged for life; `1` becomes `0`, and a name another name.
  const PLACES = {
    "what was charged": '"amount":"1',
    "the end of its line": "\n",
    "whose counter it is": '"whose":"l',
    "the counter's name": '"counter":"w',
    "that something was charged": '"reserve',
    "an argument": '"text":"s',
  };

  it.each(Object.entries(PLACES).slice(0, isLong ? undefined : 2))(
    "(%s) is named by audit verify, and no start forgets what was admitted",
    async (_, found) => {
      await using staged = await stage("SIGKILL");
      const { gateway, witness, call } = staged;
      const segment = lastSegment(gateway);
      const bytes = readFileSync(segment);
      const from = bytes.indexOf('"reserved":[{');
      const start = bytes.lastIndexOf(10, from) + 1;
      const place = bytes.indexOf(found, found.startsWith('"text"') ? start : from) + found.length - 1;
      const { id } = JSON.parse(bytes.subarray(start, bytes.indexOf(10, start)).toString("utf8")) as {
        id: string;
      };
      flip(segment, place);
      const { code, stdout } = await gateway.command("audit", "verify");
      expect(code).toBe(1);
      // A line that cannot be read is named by the one before it.
      expect(stdout).toMatch(new RegExp(`${id}|after `, "u"));
      const before = journalOf(witness.journalFile).length;
      if (await starts(gateway, /audit verify/u)) {
        expect(await call("wipe", "once more")).toBe("limit_exceeded");
        expect(journalOf(witness.journalFile)).toHaveLength(before);
      }
      expect((await gateway.command("audit", "verify")).code).toBe(1);
      await gateway.stop("SIGKILL");
      // Set right by hand, it goes on as if nothing had been.
      flip(segment, place);
      await gateway.serve();
      expect(await call("free", "after")).toBe("ok");
      expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
    },
  );
});

describe("a checkpoint of counters with a changed byte", () => {
  it("is not believed: what was admitted still counts", async () => {
    const dice = diceOf("a byte of counters.json");
    await using staged = await stage();
    const { gateway, call, path } = staged;
    const whole = readFileSync(path("counters.json"));
    const amount = whole.lastIndexOf(`"${String(SPENT)}"`) + 1;
    const whose = whole.lastIndexOf('"live"') + 1;
    const name = whole.lastIndexOf('"wiped"') + 1;
    const anywhere = Array.from({ length: isLong ? 20 : 1 }, () => dice.between(0, whole.length - 1));
    for (const place of [amount, whose, name, ...anywhere]) {
      writeFileSync(path("counters.json"), whole);
      flip(path("counters.json"), place);
      await gateway.serve();
      expect(await call("wipe", "once more"), `byte ${String(place)}`).toBe("limit_exceeded");
      await gateway.stop("SIGKILL");
    }
  });
});

describe("a segment of the journal that goes away while the gateway writes it", () => {
  interface Way {
    readonly way: string;
    readonly takeAway: (segment: string) => void;
    /** Status of `/readyz` in the end: one that is gone is made anew, and one in its place is a person's to judge. */
    readonly ends: number;
  }
  const ways: readonly Way[] = [
    { way: "deleted", takeAway: (segment) => rmSync(segment), ends: 200 },
    {
      way: "replaced by a copy",
      takeAway: (segment) => {
        writeFileSync(`${segment}.copy`, readFileSync(segment));
        renameSync(`${segment}.copy`, segment);
      },
      ends: 503,
    },
    { way: "moved away", takeAway: (segment) => renameSync(segment, `${segment}.moved`), ends: 200 },
  ];

  it.each(ways.slice(0, isLong ? undefined : 2))(
    "($way) loses no record: calls are refused until it is there again and whole",
    async ({ takeAway, ends }) => {
      await using staged = await stage();
      const { gateway, witness, call } = staged;
      await gateway.serve();
      expect(await call("free", "before")).toBe("ok");
      takeAway(lastSegment(gateway));
      /** Calls that reached the server, and are in no file where the record is looked for. */
      const lost = (): readonly unknown[] => {
        const texts = new Set(linesOf(gateway).map(({ args }) => args?.full?.text));
        return journalOf(witness.journalFile).filter(
          (entry) => !texts.has(String(entry.arguments?.["text"])),
        );
      };
      const settled = async (): Promise<boolean> =>
        (await call("free", "meanwhile")) === "audit_unavailable" || lost().length === 0;
      expect(await until(settled, NOTICED_MS_MAX)).toBe(true);
      const ready = async (): Promise<number> => (await health(gateway, "readyz")).status;
      await expect.poll(ready).toBe(ends);
      const reached = journalOf(witness.journalFile).length;
      if (ends === 200) {
        expect(await call("free", "after")).toBe("ok");
        expect(journalOf(witness.journalFile)).toHaveLength(reached + 1);
        expect(lost()).toEqual([]);
        expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
      } else {
        expect(await call("free", "after")).toBe("audit_unavailable");
        expect(journalOf(witness.journalFile)).toHaveLength(reached);
      }
      expect((await health(gateway, "healthz")).status).toBe(200);
    },
  );
});
