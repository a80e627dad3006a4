import { nameText } from "./catalogue-print.ts";
import { EXIT, type CommandSpec, type Context } from "./command.ts";
import type { ConfigFacts, Configuration, Finding } from "./ports.ts";
import { jsonLine, plural, problemLine } from "./print.ts";
import { indented } from "./scan-or-fail.ts";
import { painter, type Colour } from "./terminal.ts";

const NODE_MAJOR_MIN = 24;

export const doctor: CommandSpec = {
  path: ["doctor"],
  summary: "look at everything the gateway needs, and say how to mend what is wrong",
  options: [{ flags: "--no-servers", description: "do not start the servers" }],
  examples: [
    "tollgate doctor",
    "tollgate doctor --config /etc/tollgate.json --data /var/lib/tollgate --json",
  ],
  run: async (context) => {
    const findings: Finding[] = [];
    for await (const finding of look(context)) {
      findings.push(finding);
      if (!context.json) {
        await print(context, finding);
      }
    }
    const failed = findings.filter(({ state }) => state === "failed").length;
    if (context.json) {
      await context.terminal.out(jsonLine({ ok: failed === 0, findings }));
    } else {
      const warnings = findings.filter(({ state }) => state === "warning").length;
      await context.terminal.out(`\n${closing(failed, warnings)}\n`);
    }
    return failed === 0 ? EXIT.done : EXIT.failed;
  },
};

const closing = (failed: number, warnings: number): string => {
  const warned = warnings === 0 ? "" : plural(warnings, "warning");
  if (failed > 0) {
    return `${plural(failed, "thing")} to mend${warned === "" ? "" : `, and ${warned}`}.`;
  }
  return warned === "" ? "All is well." : `Nothing to mend, but ${warned}.`;
};

async function* look(context: Context): AsyncGenerator<Finding> {
  const { given, ports, where } = context;
  yield nodeFinding(ports.nodeVersion);
  const configuration = ports.configuration(where);
  yield configurationFinding(configuration);
  yield await ports.dataFinding(configuration.data);
  const { config } = configuration;
  if (config === undefined) {
    return;
  }
  yield await ports.portFinding(config, configuration.data);
  yield* grantFindings(config);
  if (!given.flag("servers")) {
    return;
  }
  for (const { name } of config.servers) {
    yield await serverFinding(context, name);
  }
}

const nodeFinding = (version: string): Finding => {
  const major = Number(version.split(".")[0]);
  return major >= NODE_MAJOR_MIN
    ? { name: "node", state: "ok", detail: version }
    : {
        name: "node",
        state: "failed",
        detail: `${version} is too old`,
        advice: `Install Node ${String(NODE_MAJOR_MIN)} or later, or run tollgate through npm, which brings its own.`,
      };
};

const configurationFinding = ({ config, problems }: Configuration): Finding => {
  if (config === undefined) {
    const lines = problems.map((problem) => problemLine(problem, (_, text) => text).trimEnd());
    const advice = "Mend the file; a running gateway keeps what it had.";
    return { name: "configuration", state: "failed", detail: lines.join("\n"), advice };
  }
  if (config.file === undefined) {
    const advice = "Write a tollgate.json here, or name one with --config.";
    return { name: "configuration", state: "warning", detail: "there is none", advice };
  }
  const counts = `${plural(config.servers.length, "server")}, ${plural(config.grants.length, "grant")}`;
  return { name: "configuration", state: "ok", detail: `${config.file}: ${counts}` };
};

function* grantFindings({ grants, servers }: ConfigFacts): Generator<Finding> {
  for (const { name, policy } of grants) {
    if (policy === undefined) {
      const advice = "Name a policy in the grant.";
      yield {
        name: `grant ${name}`,
        state: "warning",
        detail: "it has no policy, so nothing passes",
        advice,
      };
    }
  }
  for (const { name } of servers.filter(
    (server) => !grants.some((grant) => grant.servers.includes(server.name)),
  )) {
    const advice = `Declare a grant for it, or run: tollgate grant create NAME --server ${name} --identity …`;
    yield { name: `server ${name}`, state: "warning", detail: "the file declares no grant for it", advice };
  }
}

const serverFinding = async ({ ports, where }: Context, name: string): Promise<Finding> => {
  const scan = await ports.scan(where, name);
  if (!scan.ok) {
    const said = scan.stderr.trim() === "" ? "" : `\nits standard error ends with:\n${indented(scan.stderr)}`;
    return { name: `server ${name}`, state: "failed", detail: `${scan.reason}${said}`, advice: scan.advice };
  }
  const withheld = [...scan.withheld].map(([tool, reason]) => `${nameText(tool)}: ${reason}`);
  const detail = `${plural(scan.tools.length, "tool")}, revision ${scan.revision}, ${String(scan.tookMs)} ms`;
  return withheld.length === 0
    ? { name: `server ${name}`, state: "ok", detail }
    : {
        name: `server ${name}`,
        state: "warning",
        detail: `${detail}; withheld from clients: ${withheld.join("; ")}`,
        advice: "Ask the server's author for names that can be seen and told apart.",
      };
};

const MARKS: Readonly<Record<Finding["state"], readonly [Colour, string]>> = {
  ok: ["green", "ok     "],
  warning: ["yellow", "warning"],
  failed: ["red", "failed "],
};

const print = async ({ terminal }: Context, { name, state, detail, advice }: Finding): Promise<void> => {
  const paint = painter(terminal, "out");
  const [colour, mark] = MARKS[state];
  const [first = "", ...more] = detail.split("\n");
  const rest = more.map((line) => `\n          ${line}`).join("");
  await terminal.out(`${paint(colour, mark)} ${paint("bold", name)}: ${first}${rest}\n`);
  if (advice !== undefined) {
    await terminal.out(`        → ${advice}\n`);
  }
};
