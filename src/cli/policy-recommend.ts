import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { JsonObject } from "../base/json-value.ts";
import { recommend } from "../catalogue/recommend/recommend.ts";
import { writeCommented, writePolicy } from "../catalogue/recommend/write-policy.ts";
import { type Preset, PRESETS, type Recommendation } from "../catalogue/recommendation.ts";
import type { ToolProfile } from "../catalogue/verdict.ts";
import { checkPolicy } from "../policy/compile.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { classOf, metaOf } from "./policy-check.ts";
import { policyName } from "./policy-file.ts";
import { jsonLine, oneLine } from "./print.ts";
import { calledTools } from "./recommend-called.ts";
import { recommendSource } from "./recommend-source.ts";
import { printRecommendation } from "./recommend-print.ts";
import { nextSteps, SERVER } from "./recommend-steps.ts";

export const policyRecommend: CommandSpec = {
  path: ["policy", "recommend"],
  summary: "write a policy to begin with, from what a server's tools are",
  options: [
    {
      flags: "--server <name>",
      description: "a server of the configuration, or one that the catalogue knows",
    },
    { flags: "--tools <file>", description: "a tools/list result instead" },
    {
      flags: "--preset <preset>",
      description: "how much it admits (default: recommended)",
      choices: PRESETS,
    },
    {
      flags: "--from-audit <span>",
      description: "admit only what was really called and allowed since then: 7d, or RFC 3339",
    },
    { flags: "--commented", description: "with its notes and proposals as comments, for reading" },
    { flags: "--out <file>", description: "write the policy to this file, and say how to use it" },
    { flags: "--yes", description: "replace the file where there is one" },
  ],
  examples: [
    "tollgate policy recommend --server billing > billing.policy.json",
    "tollgate policy recommend --server billing --preset strict --out billing.policy.json",
    "tollgate policy recommend --tools tools.json --commented",
    "tollgate policy recommend --server billing --from-audit 7d",
  ],
  run: async (context) => {
    const { given, terminal, json } = context;
    const out = outFile(context);
    const { profiles, tools, notes: about } = await recommendSource(context);
    const span = given.text("fromAudit");
    const names = profiles.map(({ name }) => name);
    const called = span === undefined ? undefined : await calledTools(context, span, names);
    const made = withNotes(
      [...about, ...(called?.notes ?? [])],
      recommend(profiles, { preset: presetOf(given.text("preset")), called: called?.called }),
    );
    const text = writePolicy(made.policy);
    requireSound(context, text, tools);
    if (out !== undefined) {
      writeOut(context, out, text);
    }
    if (json) {
      const { policy, proposals, notes, preset } = made;
      await terminal.out(jsonLine({ policy, proposals, notes, preset }));
      return EXIT.done;
    }
    await print(context, profiles, made, out);
    return EXIT.done;
  },
};

const print = async (
  context: Context,
  profiles: readonly ToolProfile[],
  made: Recommendation,
  out: string | undefined,
): Promise<void> => {
  const { given, terminal } = context;
  const commented = given.flag("commented");
  const shown = commented ? "commented" : out === undefined ? "all" : "written";
  printRecommendation(terminal, profiles, made, shown);
  if (out !== undefined) {
    await terminal.out(`\n${stepsFor(context, out)}`);
    return;
  }
  await terminal.out(commented ? writeCommented(made) : writePolicy(made.policy));
};

const outFile = ({ given }: Context): string | undefined => {
  const out = given.text("out");
  if (out !== undefined && given.flag("commented")) {
    throw new CommandFailure(
      "--commented is for reading: the gate takes no comments. Leave it out, or --out.",
      EXIT.usage,
    );
  }
  return out;
};

const presetOf = (text: string | undefined): Preset =>
  PRESETS.find((preset) => preset === text) ?? "recommended";

const withNotes = (notes: readonly string[], made: Recommendation): Recommendation => ({
  ...made,
  notes: [...notes, ...made.notes],
});

/** A recommendation that the checker has something against is none: it is told, and not given out. */
const requireSound = ({ ports }: Context, text: string, tools: readonly JsonObject[] | undefined): void => {
  const options = { name: "recommended", compileSchema: ports.compileSchema, metaOf, classOf };
  const { errors, warnings } = checkPolicy(text, tools === undefined ? options : { ...options, tools });
  const [first] = [...errors, ...warnings];
  if (first !== undefined) {
    throw new CommandFailure(
      `No policy can be recommended for these tools. The checker says of it: ${oneLine(first.message, 400)} (${oneLine(first.pointer)})`,
    );
  }
};

/** What stands there is replaced whole or not at all: a running gateway may read it at any time. */
const writeOut = ({ given, terminal }: Context, out: string, text: string): void => {
  const path = resolve(terminal.cwd, out);
  if (!given.flag("yes") && existsSync(path)) {
    throw new CommandFailure(`${out}: the file is there already; --yes replaces it.`);
  }
  const beside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(beside, text, { flag: "wx" });
    renameSync(beside, path);
  } catch {
    rmSync(beside, { force: true });
    throw new CommandFailure(`${out}: the file cannot be written`);
  }
};

const UNCONFIGURED = { file: undefined, policies: [], grants: [], servers: [] } as const;

const stepsFor = ({ given, ports, terminal, where }: Context, out: string): string => {
  const config = ports.configuration(where).config ?? UNCONFIGURED;
  const asked = given.text("server");
  const server = config.servers.find((one) => one.name === asked);
  const name = asked ?? policyName(out).replace(/(?:\.policy)?\.json$/, "");
  const folder = dirname(config.file ?? resolve(terminal.cwd, "tollgate.json"));
  const absolute = resolve(terminal.cwd, out);
  return nextSteps({
    file: out,
    absolute,
    path: pathFrom(folder, absolute),
    policy: unused(name, config.policies),
    grant: unused(
      `you-${asked ?? SERVER}`,
      config.grants.map((grant) => grant.name),
    ),
    server: asked,
    isConfigured: server !== undefined,
    start: server?.start,
    cwd: terminal.cwd,
  });
};

/** As a configuration in that folder would name it. */
const pathFrom = (folder: string, file: string): string => {
  const path = relative(folder, file).replaceAll("\\", "/");
  return path.startsWith("../") ? path : `./${path}`;
};

/** `billing`, or `billing-2` where that is taken. */
const unused = (name: string, taken: readonly string[]): string => {
  for (let count = 2, free = name; ; count += 1) {
    if (!taken.includes(free)) {
      return free;
    }
    free = `${name}-${String(count)}`;
  }
};
