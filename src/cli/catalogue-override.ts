import { overridden } from "../catalogue/override.ts";
import type { StoredOverride } from "../catalogue/port.ts";
import { profileTool } from "../catalogue/profile.ts";
import {
  RISKS,
  TOOL_CLASSES,
  worseClass,
  worseRisk,
  type Risk,
  type ToolClass,
  type ToolProfile,
} from "../catalogue/verdict.ts";
import { nearest } from "../base/nearest.ts";
import type { MadeOverride } from "../control/contract.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context, type Given } from "./command.ts";
import { confirmOpening, YES } from "./confirm.ts";
import { printOverrides, printStates, verdictText } from "./override-print.ts";
import type { ScannedTool } from "./ports.ts";
import { jsonLine, oneLine } from "./print.ts";
import { requireConfig } from "./require-config.ts";
import { scanOrFail, type Scanned } from "./scan-or-fail.ts";

export const catalogueOverride: CommandSpec = {
  path: ["catalogue", "override"],
  summary: "put your verdict on a tool in place of the catalogue's; without a tool, show overrides",
  argument: { name: "[server-and-tool...]", description: "name of the server, then that of the tool" },
  options: [
    { flags: "--class <class>", description: "what the tool does", choices: TOOL_CLASSES },
    { flags: "--risk <risk>", description: "how bad a wrong call is", choices: RISKS },
    { flags: "--reason <text>", description: "why, for the record and for whoever looks at it later" },
    { flags: "--clear", description: "take the override away: the catalogue's verdict counts again" },
    { flags: "--list", description: "list all overrides" },
    YES,
  ],
  examples: [
    'tollgate catalogue override billing sweep --class read --reason "it only counts rows" --yes',
    'tollgate catalogue override billing sweep --clear --reason "a new release"',
    "tollgate catalogue override --list",
    "tollgate catalogue override billing",
  ],
  run: async (context) => {
    const { given } = context;
    const [server, tool, ...more] = given.args;
    if (server === undefined) {
      refuseBeside(given, ["class", "risk", "reason", "clear"], "Name a server and a tool.");
      await printOverrides(context, await context.ports.overridesOf(context.where));
      return EXIT.done;
    }
    if (more.length > 0) {
      throw new CommandFailure("Name a server and one tool.", EXIT.usage);
    }
    refuseBeside(given, ["list"], "--list is for all servers.");
    if (tool === undefined) {
      refuseBeside(given, ["class", "risk", "reason", "clear"], "Name the tool, too.");
      requireConfig(context);
      const overrides = await context.ports.overridesOf(context.where);
      await printStates(context, server, overrides, await scanOrFail(context, server));
      return EXIT.done;
    }
    return given.flag("clear") ? clear(context, { server, tool }) : make(context, { server, tool });
  },
};

interface Target {
  readonly server: string;
  readonly tool: string;
}

/** Somebody who says what is to be changed must not take a list for it. */
const refuseBeside = (given: Given, options: readonly string[], what: string): void => {
  if (options.some((name) => given.text(name) !== undefined || given.flag(name))) {
    throw new CommandFailure(`Nothing was changed. ${what}`, EXIT.usage);
  }
};

const reasonIn = (given: Given): string => {
  const reason = given.text("reason");
  if (reason === undefined) {
    throw new CommandFailure("Nothing was changed. Say why with --reason.", EXIT.usage);
  }
  return reason;
};

const make = async (context: Context, target: Target): Promise<number> => {
  const { given, ports, where, terminal } = context;
  const is = TOOL_CLASSES.find((known) => known === given.text("class"));
  const risk = RISKS.find((known) => known === given.text("risk"));
  if (is === undefined) {
    throw new CommandFailure("Nothing was changed. Say what the tool does with --class.", EXIT.usage);
  }
  const reason = reasonIn(given);
  requireConfig(context);
  // Nothing is held open while the server starts and somebody thinks.
  const earlier = findIn(await ports.overridesOf(where), target);
  const found = toolIn(target, await scanOrFail(context, target.server));
  const profile = profileTool(found.definition);
  const present = overridden(profile, found.digest, earlier);
  const wanted = { class: is, risk: risk ?? profile.risk };
  terminal.err(`${shown(target, found.digest)}\n  now:  ${nowText(present, profile, earlier)}\n`);
  terminal.err(`  then: ${verdictText(wanted)}, while its definition stays as it is\n`);
  if (risk === undefined && profile.risk !== "low") {
    terminal.err(`  The risk stays what the catalogue says, ${profile.risk}: --risk changes it.\n`);
  }
  if (lowers(present, wanted)) {
    await requireSeen(context, target, found.digest);
    await confirmOpening(context, "This is less dangerous than it counts now, so calls may pass.");
  }
  await using overrides = await ports.overrides(where);
  const made = await overrides.override({
    ...target,
    digest: found.digest,
    class: is,
    ...(risk === undefined ? {} : { risk }),
    was: { class: profile.class, risk: profile.risk },
    reason,
  });
  await tell(context, made);
  return EXIT.done;
};

/** Where the last scan showed another definition, nobody has looked at this one: it is not made less dangerous. */
const requireSeen = async ({ ports, where }: Context, target: Target, digest: string): Promise<void> => {
  const { entry } = await ports.keptEntry(where, target.server);
  const seen = entry?.tools.find(({ name }) => name === target.tool);
  if (seen !== undefined && seen.digest !== digest) {
    const was = `definition ${seen.digest.slice(0, 12)}: ${verdictText(seen)}`;
    throw new CommandFailure(
      `Nothing was changed: this is not the definition that was scanned (${was}). ` +
        `Look at it with \`server scan ${target.server}\` first, which says what changed.`,
    );
  }
};

const tell = async ({ terminal, json }: Context, made: MadeOverride): Promise<void> => {
  const { server, tool, class: is } = made.override;
  await terminal.out(json ? jsonLine(made) : `Overridden: ${oneLine(tool)} of ${server} is ${is}.\n`);
};

const clear = async (context: Context, target: Target): Promise<number> => {
  const { given, ports, where, terminal, json } = context;
  refuseBeside(given, ["class", "risk"], "--clear takes no verdict.");
  const reason = reasonIn(given);
  const earlier = findIn(await ports.overridesOf(where), target);
  if (earlier !== undefined && lowers(risky(earlier), earlier.was)) {
    await confirmOpening(context, `The catalogue called it ${verdictText(earlier.was)}, so calls may pass.`);
  }
  await using overrides = await ports.overrides(where);
  const result = await overrides.clear({ ...target, reason });
  const { tool, server } = result.cleared;
  await terminal.out(
    json
      ? jsonLine(result)
      : `Cleared: what the catalogue says of ${oneLine(tool)} of ${server} counts again.\n`,
  );
  return EXIT.done;
};

interface Verdict {
  readonly class: ToolClass;
  readonly risk: Risk;
}

const risky = ({ class: is, risk, was }: StoredOverride): Verdict => ({ class: is, risk: risk ?? was.risk });

/** Whether the one verdict is less dangerous than the other in anything. */
const lowers = (from: Verdict, to: Verdict): boolean =>
  (from.class !== to.class && worseClass(from.class, to.class) === from.class) ||
  (from.risk !== to.risk && worseRisk(from.risk, to.risk) === from.risk);

const findIn = (all: readonly StoredOverride[], { server, tool }: Target): StoredOverride | undefined =>
  all.find((each) => each.server === server && each.tool === tool);

const toolIn = ({ server, tool }: Target, { tools, withheld }: Scanned): ScannedTool => {
  const found = tools.find(({ name }) => name === tool);
  if (found !== undefined) {
    return found;
  }
  const reason = withheld.get(tool);
  if (reason !== undefined) {
    throw new CommandFailure(`Nothing was changed: the tool is withheld from clients, ${reason}.`);
  }
  const near = nearest(
    tool,
    tools.map(({ name }) => name),
  );
  const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(oneLine(near))}?`;
  throw new CommandFailure(
    `Nothing was changed: the server ${server} offers no tool ${JSON.stringify(oneLine(tool))}.${meant}`,
  );
};

const shown = ({ server, tool }: Target, digest: string): string =>
  `${oneLine(tool)} of ${server}, definition ${digest.slice(0, 12)}`;

/** A reason is people's own text. */
const ended = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const nowText = (present: ToolProfile, fresh: ToolProfile, earlier: StoredOverride | undefined): string =>
  earlier === undefined
    ? `${verdictText(present)} (${oneLine(fresh.evidence[0]?.says ?? "")})`
    : `${verdictText(present)} (${ended(oneLine(present.evidence[0]?.says ?? ""))} The catalogue: ${verdictText(fresh)})`;
