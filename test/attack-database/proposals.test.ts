import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Program, ROOT, temporaryDirectory } from "../support/gateway.ts";

// What is proposed for an attack that got through, put into the policy by hand: the attack is held, and honest calls pass.

/** Each plays several attacks several times. */
const PLAYS_MS = 240_000;

let folder = "";

const write = (name: string, content: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return name;
};

const tollgate = async (args: readonly string[], input = "") => {
  const program = new Program([join(ROOT, "src/main.ts"), ...args], { cwd: folder });
  program.child.stdin?.end(input);
  const code = await program.closed;
  return { code, stdout: program.stdout, stderr: program.stderr };
};

const text = { type: "string" };
const tool = (name: string, description: string, properties: object) => ({
  name,
  description,
  inputSchema: { type: "object", properties, required: Object.keys(properties) },
});

beforeAll(() => {
  folder = temporaryDirectory();
  write("tools.json", {
    tools: [
      tool("get_time", "Tells what time it is.", {}),
      tool("get_logs", "Reads the logs of a pod.", { pod_id: text }),
      tool("create_refund", "Refunds a customer.", { customer: text, refund_amount: { type: "number" } }),
      tool("load_document", "Reads a file from disk and returns its text.", { file_path: text }),
    ],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly name: string;
  readonly outcome: string;
  readonly because?: string;
  readonly proposal?: {
    readonly adds: { readonly tools?: Readonly<Record<string, object>> };
    readonly replaces: readonly string[];
    readonly closes: readonly string[];
    readonly others?: readonly string[];
    readonly refuses?: readonly object[];
  };
}

/** Plays attacks against a policy, with the tools above. */
const attacked = (policy: object, ...names: readonly string[]): Promise<readonly Result[]> =>
  attackedWith("tools.json", policy, ...names);

const attackedWith = async (
  tools: string,
  policy: object,
  ...names: readonly string[]
): Promise<readonly Result[]> => {
  const file = write("tried.json", { version: "1", ...policy });
  const ran = await tollgate(["attack", "run", "--policy", file, "--tools", tools, "--json", ...names]);
  return (JSON.parse(ran.stdout) as { results: readonly Result[] }).results;
};

/** What a policy says of calls, as codes. */
const codes = (policy: object, ...calls: readonly object[]): Promise<readonly string[]> =>
  codesWith("tools.json", policy, ...calls);

const codesWith = async (
  tools: string,
  policy: object,
  ...calls: readonly object[]
): Promise<readonly string[]> => {
  const file = write("judged.json", { version: "1", ...policy });
  const lines = calls.map((call) => JSON.stringify(call)).join("\n");
  const ran = await tollgate(["policy", "eval", "--policy", file, "--tools", tools], lines);
  return ran.stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { code: string }).code);
};

interface Policy {
  readonly default: string;
  readonly mode?: string;
  readonly tools?: Readonly<Record<string, object>>;
}

/** Rules under the same name take one another's place. */
const mended = (policy: Policy, results: readonly Result[]): Policy => {
  const adds = results.map(({ proposal }) => proposal?.adds ?? {});
  const tools = [policy, ...adds].map((one) => one.tools ?? {});
  return Object.assign({}, policy, ...adds, {
    tools: Object.assign({}, ...tools) as Policy["tools"],
  }) as Policy;
};

const outcomes = (results: readonly Result[]) => results.map(({ outcome }) => outcome);

describe("what is proposed for one's own tools", () => {
  it(
    "holds where a pattern admits them, and takes nothing from the pattern's rule",
    async () => {
      const policy = {
        default: "deny",
        tools: { "get_*": { rate_limit: { max: 3, window: "day" } }, "*": {} },
      };
      const attacks = ["command-injection", "new-tool-after-update", "split-payments"];
      const first = await attacked(policy, ...attacks);
      expect(outcomes(first)).toEqual(["through", "through", "through"]);
      expect(JSON.stringify(first.map(({ proposal }) => proposal))).not.toMatch(
        /\{\}|default|args\.(?:namespace|amount)/u,
      );
      expect(first[1]?.because).toContain('The key "get_*" admits get_all_accounts');
      const better = mended(policy, first);
      expect(outcomes(await attacked(better, ...attacks))).toEqual(["held", "held", "held"]);
      const logs = { tool: "get_logs", arguments: { pod_id: "web-1" } };
      const refund = { tool: "create_refund", arguments: { customer: "ana", refund_amount: 5 } };
      expect(await codes(better, refund, { tool: "get_time" }, logs, logs, logs)).toEqual([
        "allowed",
        "allowed",
        "allowed",
        "allowed",
        "limit_exceeded",
      ]);
    },
    PLAYS_MS,
  );

  it(
    "leaves the default, and says what another would close where only that helps",
    async () => {
      const policy = { default: "allow", tools: { get_logs: {} } };
      const [rate, added] = await attacked(policy, "runaway-loop", "typosquatted-tool").then((results) =>
        results.toSorted((one, other) => one.name.localeCompare(other.name)),
      );
      expect(rate).toMatchObject({ outcome: "through" });
      expect(rate?.proposal?.adds).toEqual({ all_tools: { rate_limit: { max: 60, window: "minute" } } });
      expect(added).toMatchObject({
        outcome: "through",
        proposal: {
          adds: { default: "deny", resources: ["*"], prompts: ["*"], methods: ["*"] },
          closes: ["get_time", "create_refund", "load_document"],
        },
      });
    },
    PLAYS_MS,
  );
});

describe("what is proposed for one of several tools", () => {
  beforeAll(() => {
    const reads = "Reads a file and returns its text.";
    write("repositories.json", {
      tools: [
        tool("get_contents", reads, { owner: text, repo: text, path: text }),
        tool("get_raw_file", reads, { owner: text, repo: text, path: text }),
      ],
    });
  });

  it(
    "names the others that are as open, and admits a path of a repository",
    async () => {
      const policy = { default: "allow" };
      const first = await attackedWith("repositories.json", policy, "path-escape");
      const [ruled = ""] = Object.keys(first[0]?.proposal?.adds.tools ?? {});
      const others = ["get_contents", "get_raw_file"].filter((name) => name !== ruled);
      expect(first).toMatchObject([{ outcome: "through", proposal: { others } }]);
      expect(first[0]?.proposal).not.toHaveProperty("refuses");
      const better = mended(policy, first);
      const of = (path: string) => ({ tool: ruled, arguments: { owner: "acme", repo: "x", path } });
      expect(
        await codesWith("repositories.json", better, of("README.md"), of("src/a.ts"), of("../x"), of("/x")),
      ).toEqual(["allowed", "allowed", "require_failed", "require_failed"]);
      const second = await attackedWith("repositories.json", better, "path-escape");
      expect(second).toMatchObject([{ outcome: "through" }]);
      expect(second[0]?.proposal).not.toHaveProperty("others");
      const best = mended(better, second);
      expect(outcomes(await attackedWith("repositories.json", best, "path-escape"))).toEqual(["held"]);
    },
    PLAYS_MS,
  );
});

describe("what is proposed for a policy that only observes", () => {
  it(
    "is first of all that it does so no longer",
    async () => {
      const rule = { require: [{ conditions: [{ path: "args.file_path", op: "within", value: ["/srv"] }] }] };
      const policy = { mode: "observe", default: "deny", tools: { load_document: rule } };
      const first = await attacked(policy, "path-escape");
      expect(first).toMatchObject([
        {
          outcome: "through",
          because: expect.stringContaining('"mode": "observe"'),
          proposal: { adds: { mode: "enforce" }, replaces: [], closes: [] },
        },
      ]);
      expect(outcomes(await attacked(mended(policy, first), "path-escape"))).toEqual(["held"]);
    },
    PLAYS_MS,
  );
});
