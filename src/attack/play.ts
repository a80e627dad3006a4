import { mkdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import { LIMITS } from "../base/limits.ts";
import { Child } from "./child.ts";
import { makeFolder, removeFolder } from "./folders.ts";
import { gateConfig, policiesFor, policyFile, tokensFor, tokenVariables } from "./gate-config.ts";
import type { Reached } from "./jobs.ts";
import { readJournal } from "./journal.ts";
import type { Traces } from "./judge.ts";
import type { Tried } from "../catalogue/attacks/result.ts";
import { saidShape, type Answered } from "./said.ts";
import type { Scenario } from "./scenario.ts";

/** What stands between the agent and the servers: the gate with something that is tried, or nothing. */
export type Between = { readonly kind: "nothing" } | { readonly kind: "gate"; readonly tried: Tried };

const here = (path: string): string =>
  fileURLToPath(new URL(`${path}${extname(import.meta.url)}`, import.meta.url));
const HOSTILE = here("./hostile/main");
const AGENT = here("./agent/main");
const RELAY = here("./relay/main");
/** The command line of the gate itself. */
const TOLLGATE = here("../main");
const LEASH = here("./leash");

/** A scenario that is being played: a folder and processes of its own, which end with it. */
class Stage implements AsyncDisposable {
  readonly #children = new AsyncDisposableStack();
  readonly #serving: Child[] = [];
  readonly #env: Readonly<Record<string, string>>;
  readonly folder = makeFolder();

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  file(name: string, content: object | string): string {
    const path = join(this.folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
    return this.#children.use(new Child(args, { env: { ...this.#env, ...env }, cwd: this.folder }));
  }

  /** A process that is to run as long as the scenario does. */
  async serve(
    args: readonly string[],
    ready: RegExp,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const child = this.start(args, env);
    this.#serving.push(child);
    return child.printed(ready);
  }

  /** What a process said last that was to run and no longer does. */
  get dead(): string | undefined {
    return this.#serving.find(({ isRunning }) => !isRunning)?.stderr;
  }

  /** Ends its processes, the last one first. */
  async end(): Promise<void> {
    await this.#children.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    removeFolder(this.folder);
  }
}

/**
 * A folder in which processes find what others have compiled, for as long as scenarios are played: starting them is most
 * of the work.
 */
export class CompileCache implements Disposable {
  readonly folder = makeFolder();

  [Symbol.dispose](): void {
    removeFolder(this.folder);
  }
}

/** Plays a scenario with real processes on loopback. Rejects where one of them does not start or does not end. */
export const play = async (scenario: Scenario, between: Between, cache: CompileCache): Promise<Traces> => {
  await using stage = new Stage({ NODE_COMPILE_CACHE: cache.folder });
  const journals = new Map(
    Object.keys(scenario.servers).map((name) => [name, join(stage.folder, `journal-${name}.jsonl`)]),
  );
  const servers = await startServers(stage, scenario, journals);
  const tokens = tokensFor(scenario);
  const { base, run } =
    between.kind === "nothing"
      ? await startRelay(stage, servers)
      : await startGate(stage, scenario, between.tried, servers, tokens);
  const job = { base, servers: Object.keys(scenario.servers), tokens, steps: scenario.steps };
  const answers = await agentSays(stage.start([AGENT, stage.file("agent.json", job)]), run);
  const { dead } = stage;
  // What came to a server last may be under way to its journal when the agent has its answers.
  await stage.end();
  return {
    journals: new Map([...journals].map(([name, file]) => [name, readJournal(file)])),
    answers,
    secrets: Object.values(tokens),
    ...(dead === undefined ? {} : { dead }),
  };
};

type Servers = Readonly<Record<string, Reached>>;

const startServers = async (
  stage: Stage,
  scenario: Scenario,
  journals: ReadonlyMap<string, string>,
): Promise<Servers> => {
  const reached: Record<string, Reached> = {};
  for (const [name, server] of Object.entries(scenario.servers)) {
    const args = [HOSTILE, stage.file(`server-${name}.json`, { server, journal: journals.get(name) })];
    if (server.face === "stdio") {
      reached[name] = {
        kind: "stdio",
        command: process.execPath,
        args,
        env: {},
      };
    } else {
      const port = await stage.serve(args, /^hostile server on (\d+)$/u);
      reached[name] = { kind: "http", url: `http://127.0.0.1:${port}/mcp` };
    }
  }
  return reached;
};

interface Started {
  readonly base: string;
  /** Runs a command of the gate's on its configuration. */
  readonly run: (command: readonly string[]) => Promise<void>;
}

const startRelay = async (stage: Stage, servers: Servers): Promise<Started> => {
  const job = stage.file("relay.json", { servers });
  const port = await stage.serve([RELAY, job], /^relay on (\d+)$/u, CANARY_ENVIRONMENT);
  // Where there is no gate nobody can tell it anything.
  return { base: `http://127.0.0.1:${port}`, run: async () => {} };
};

/** What whoever starts servers has in its environment, and they have no need of. */
const CANARY_ENVIRONMENT = { ATTACK_CANARY_TOKEN: "canary-of-the-environment" };

const startGate = async (
  stage: Stage,
  scenario: Scenario,
  tried: Tried,
  servers: Servers,
  tokens: Readonly<Record<string, string>>,
): Promise<Started> => {
  const data = join(stage.folder, "data");
  mkdirSync(data, { mode: 0o700 });
  for (const [name, text] of Object.entries(policiesFor(tried))) {
    stage.file(policyFile(name), text);
  }
  const config = stage.file("tollgate.json", gateConfig(scenario, tried, servers));
  const where = ["--config", config, "--data", data];
  const base = await stage.serve(
    ["--import", LEASH, TOLLGATE, "serve", ...where, "--port", "0"],
    /^tollgate ready on (\S+)$/u,
    { ...CANARY_ENVIRONMENT, ...tokenVariables(tokens) },
  );
  return {
    base,
    run: async (command) => {
      const ran = stage.start([TOLLGATE, ...command, ...where], tokenVariables(tokens));
      const code = await ran.ended();
      if (code !== 0) {
        throw new Error(`tollgate ${command.join(" ")} failed: ${ran.stderr}`);
      }
    },
  };
};

const agentSays = async (agent: Child, run: Started["run"]): Promise<readonly Answered[]> => {
  const answers: Answered[] = [];
  const late = setTimeout(() => void agent[Symbol.asyncDispose](), LIMITS.attack_agent_ms);
  try {
    for (;;) {
      const { done, value } = await agent.lines.next();
      if (done === true) {
        throw new Error(`The agent did not come to an end. ${agent.stderr}`.trimEnd());
      }
      const said = saidShape.parse(toPlain(readJson(value)));
      if (said.kind === "end") {
        return answers;
      }
      if (said.kind === "command") {
        await run(said.command);
        agent.say("done");
      } else {
        answers.push(said);
      }
    }
  } finally {
    clearTimeout(late);
  }
};
