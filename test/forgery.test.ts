import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GATEWAY = join(ROOT, "src/gateway");

/** What every planted piece of code has at hand: real values of every stage, and the functions of the road. */
const PREAMBLE = `
import type { Arrival, Received } from "${GATEWAY}/edge.ts";
import { receive } from "${GATEWAY}/edge.ts";
import type { Identified } from "${GATEWAY}/identify.ts";
import { identify } from "${GATEWAY}/identify.ts";
import type { Permitted } from "${GATEWAY}/permit.ts";
import type { Redacted } from "${GATEWAY}/redact.ts";
import { redact } from "${GATEWAY}/redact.ts";
import type { Metered } from "${GATEWAY}/spend.ts";
import { spend } from "${GATEWAY}/spend.ts";
import type { Recorded } from "${GATEWAY}/record.ts";
import { record } from "${GATEWAY}/record.ts";
import { forward } from "${GATEWAY}/forward.ts";
import { isRefusal, type Refusal } from "${GATEWAY}/refusal.ts";
import type { Gate } from "${GATEWAY}/gate.ts";
import type { Desk } from "${GATEWAY}/desk.ts";

declare const gate: Gate;
declare const arrival: Arrival;
declare const received: Received;
declare const identified: Identified;
declare const permitted: Permitted;
declare const redacted: Redacted;
declare const metered: Metered;
declare const recorded: Recorded;
declare const refused: Refusal;
declare const desk: Desk;
`;

/** Uses every name of the preamble, so that the only errors left are those of the planted code. */
const HONEST = `
export const honest = async (): Promise<void> => {
  const first = identify(gate, receive(arrival));
  const second = await spend(gate, await redact(gate, permitted));
  const third = isRefusal(second) ? second : await record(gate, second);
  if (!isRefusal(third)) await forward(desk, third);
  await forward(desk, recorded);
  const all: readonly [Received, Identified, Permitted, Redacted, Metered, Recorded, Refusal] =
    [received, identified, permitted, redacted, metered, recorded, refused];
  void [first, all];
};
`;

const FORGERIES: Readonly<Record<string, string>> = {
  "a literal": 'void forward(desk, { metered, id: "0" });',
  "a literal with a member of the seal's name":
    'void forward(desk, { metered, id: "0", "#recorded": true });',
  "a spread copy": "void forward(desk, { ...recorded });",
  "a spread copy with another call in it": "void forward(desk, { ...recorded, metered });",
  "the value without its record": "void forward(desk, metered);",
  "the value without its limits": "void record(gate, permitted);",
  "the value without what is kept of it": "void spend(gate, permitted);",
  "arguments kept that were not looked at": "void spend(gate, { permitted, args: null });",
  "a copy with other arguments": "void spend(gate, { ...redacted, args: null });",
  "the value without its policy": "void redact(gate, identified);",
  "the value without its sender": "void redact(gate, received);",
  "a request nobody received": "void identify(gate, { arrival });",
  "a copy of an earlier stage": "void redact(gate, { ...permitted });",
  "a copy of the metered stage": "void record(gate, { ...metered, reserved: [] });",
  "a refusal": "void forward(desk, refused);",
  "a result that may be a refusal": "const step = async () => forward(desk, await record(gate, metered));",
  "a promise of a stage": "const step = async () => forward(desk, record(gate, metered));",
  "a class that looks alike":
    'void forward(desk, new (class { readonly #recorded = true; readonly id = "0"; readonly metered = metered; seal() { return this.#recorded; } })());',
  "an instance of the class, which is a type only": 'const made = new Recorded(metered, "0");',
  "another call put into a recorded one": "recorded.metered = metered;",
  "what was reserved taken out": "metered.reserved = [];",
  "nothing at all": "void forward(desk, undefined);",
};

let folder = "";
/** Names of planted files with the errors that the compiler found in them. */
let errors: ReadonlyMap<string, readonly string[]> = new Map();

const fileOf = (name: string): string => `${name.replaceAll(/[^a-z]+/giu, "-")}.ts`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-forgery-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "honest.ts"), PREAMBLE + HONEST);
  for (const [name, forgery] of Object.entries(FORGERIES)) {
    writeFileSync(
      join(folder, fileOf(name)),
      `${PREAMBLE}${HONEST}export const forged = (): void => {\n${forgery}\n};\n`,
    );
  }
  const options = {
    noEmit: true,
    noUnusedLocals: false,
    rewriteRelativeImportExtensions: false,
    typeRoots: [join(ROOT, "node_modules/@types")],
  };
  const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions: options, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "--pretty", "false", "-p", folder], {
    cwd: folder,
    encoding: "utf8",
  });
  const found = new Map<string, string[]>();
  // An error is a line with its place, and indented lines that explain it.
  for (const entry of run.stdout.split(/^(?=\S)/mu)) {
    const [, file = "", error = ""] = /^([a-zA-Z-]+\.ts)\(\d+,\d+\): error (.*)$/su.exec(entry) ?? [];
    if (file !== "") {
      found.set(file, [...(found.get(file) ?? []), error.replaceAll(/\s+/gu, " ")]);
    }
  }
  errors = found;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a call that did not pass every stage", () => {
  it("is told apart from one that did: the honest road compiles", () => {
    expect(errors.get("honest.ts") ?? []).toEqual([]);
    expect(errors.size).toBeGreaterThan(0);
  });

  it.each(Object.keys(FORGERIES))("cannot be forwarded: %s does not compile", (name) => {
    expect(errors.get(fileOf(name)) ?? []).toEqual([
      expect.stringMatching(/^TS(?:2345|2353|2540|2693|2739|2740|2741):/u),
    ]);
  });

  // These have every member that can be seen: only the seal tells them apart.
  it.each(["a literal", "a spread copy", "a spread copy with another call in it"])(
    "is told apart by the seal alone: %s",
    (name) => {
      expect(errors.get(fileOf(name))).toEqual([expect.stringContaining("'#recorded' is missing")]);
    },
  );
});
