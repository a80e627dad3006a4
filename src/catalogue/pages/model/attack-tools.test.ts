import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../base/limits.ts";
import { argumentOf, serverOf, toolOf } from "../testing/entries.ts";
import { patternOf, PATTERNS } from "../testing/patterns.ts";
import { attackTools } from "./attack-tools.ts";

const READ = toolOf("read_file", { arguments: [argumentOf("args.path", ["path"])] });
const WRITE = toolOf("write_file", {
  class: "write",
  risk: "high",
  arguments: [argumentOf("args.path", ["path"])],
});
const DELETE = toolOf("delete_file", {
  class: "destructive",
  risk: "critical",
  arguments: [argumentOf("args.path", ["path"])],
});
const RUN = toolOf("run", {
  class: "execute",
  risk: "critical",
  meta: { runs: "code", arguments: ["args.code"], batch: false },
});
const MAIL = toolOf("send", { class: "execute", powers: ["outside"] });
const SERVERS = [serverOf("one", [READ, DELETE, MAIL]), serverOf("two", [WRITE, RUN])];

const { toolsFor, attacksOn } = attackTools(SERVERS, PATTERNS);
const namesFor = (name: string): readonly string[] =>
  PATTERNS.filter((attack) => attack.name === name).flatMap((attack) =>
    toolsFor(attack).tools.map(({ server, tool }) => `${server.name}/${tool.name}`),
  );

describe("tools that enable an attack", () => {
  it("have one of each list that it gives, and all that it gives: the riskiest first", () => {
    expect(namesFor("path-escape")).toEqual(["two/write_file", "one/read_file"]);
    expect(namesFor("shell")).toEqual(["two/run"]);
    expect(namesFor("flood")).toEqual(["one/send"]);
    expect(namesFor("index")).toEqual([]);
  });

  it("are none in particular where any will do", () => {
    expect(toolsFor(patternOf("x"))).toEqual({ any: true, tools: [], all: 5 });
    const empty = patternOf("x", {
      needs: { classes: [], powers: [], arguments: [], meta: false, says: "" },
    });
    expect(toolsFor(empty).any).toBe(true);
  });

  it("are named by the other side too, for the same reason", () => {
    const names = [READ, WRITE, DELETE, RUN, MAIL].map((tool) => attacksOn(tool).map(({ name }) => name));
    expect(names).toEqual([["path-escape"], ["path-escape"], [], ["shell"], ["flood"]]);
  });

  it("are of many servers before they are many of one, among those that are as risky as each other", () => {
    const pays = (name: string, risk: "high" | "low") => toolOf(name, { class: "financial", risk });
    const servers = ["one", "two"].map((name) =>
      serverOf(name, [pays(`${name}_low`, "low"), pays(`${name}_a`, "high"), pays(`${name}_b`, "high")]),
    );
    const attack = patternOf("x", { needs: { classes: ["financial"], says: "" } });
    const { tools } = attackTools(servers, [attack]).toolsFor(attack);
    expect(tools.map(({ tool }) => tool.name)).toEqual([
      "one_a",
      "two_a",
      "one_b",
      "two_b",
      "one_low",
      "two_low",
    ]);
  });

  it("are few, however many there are", () => {
    const many = serverOf(
      "many",
      Array.from({ length: 100 }, (_, at) => toolOf(`pay_${String(at)}`, { class: "financial" })),
    );
    const attack = patternOf("x", { needs: { classes: ["financial"], says: "" } });
    const { tools, all } = attackTools([many], [attack]).toolsFor(attack);
    expect([tools.length, all]).toEqual([LIMITS.page_attack_tools_max, 100]);
  });
});
