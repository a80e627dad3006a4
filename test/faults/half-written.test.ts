import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Gateway, journalOf, tokenOf, Witness } from "../support/gateway.ts";
import { codeOf, isLong, until } from "./support.ts";

// A configuration, or a policy that it names, is written in place by somebody who is interrupted, or slow.

const policyText = JSON.stringify({ version: "1", default: "deny", tools: { echo: {} } }, null, 2);
const widerText = JSON.stringify({ version: "1", default: "deny", tools: { echo: {}, wipe: {} } }, null, 2);

const stage = async (): Promise<{ gateway: Gateway; witness: Witness; policy: string }> => {
  const gateway = new Gateway({});
  const witness = await Witness.start(gateway.directory);
  const policy = join(gateway.directory, "p.json");
  writeFileSync(policy, policyText);
  gateway.configure({
    mcpServers: { witness: { type: "http", url: witness.url } },
    policies: { p: "./p.json" },
    identities: { agent: {} },
    grants: { live: { identity: "agent", server: "witness", policy: "p", token: tokenOf("live") } },
  });
  return { gateway, witness, policy };
};

/** Lengths at which a text is cut off; none of them leaves all that matters of it. */
const cuts = (text: string): readonly number[] => {
  const parts = isLong ? 16 : 4;
  return Array.from({ length: parts }, (_, part) => Math.floor((text.trimEnd().length * part) / parts));
};

const refusals = (gateway: Gateway): number =>
  gateway.program?.stderr.split("the configuration was not reloaded").length ?? 0;

describe.each(["tollgate.json", "p.json"])("%s, half-written while the gateway runs", (name) => {
  it("leaves in force what was, is reported, and takes effect when it is whole", async () => {
    const { gateway, witness, policy } = await stage();
    await using closing = gateway;
    await using upstream = witness;
    await closing.serve();
    const path = name === "p.json" ? policy : gateway.configFile;
    const whole = name === "p.json" ? widerText : readFileSync(path, "utf8");
    const call = async (tool: string): Promise<string | number> =>
      codeOf(await gateway.call("witness", "live", tool));
    for (const length of cuts(whole)) {
      const before = refusals(gateway);
      writeFileSync(path, whole.slice(0, length));
      for (const end = performance.now() + 10_000; refusals(gateway) === before;) {
        // Calls go on all the while, and nothing passes that did not.
        expect([await call("echo"), await call("wipe")]).toEqual(["ok", "default_deny"]);
        expect(performance.now(), `cut at ${String(length)} and never reported`).toBeLessThan(end);
      }
      expect([await call("echo"), await call("wipe")]).toEqual(["ok", "default_deny"]);
    }
    expect(gateway.program?.stderr).toContain(name);
    writeFileSync(gateway.configFile, readFileSync(gateway.configFile, "utf8"));
    writeFileSync(path, whole);
    writeFileSync(policy, widerText);
    expect(await until(async () => (await call("wipe")) === "ok", 10_000)).toBe(true);
    expect(journalOf(upstream.journalFile).filter((entry) => entry.name === "wipe")).toHaveLength(1);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });

  it("keeps the gateway from starting, with the place of the error and exit 1", async () => {
    const { gateway, witness, policy } = await stage();
    await using closing = gateway;
    await using upstream = witness;
    const path = name === "p.json" ? policy : gateway.configFile;
    const whole = readFileSync(path, "utf8");
    for (const length of cuts(whole)) {
      writeFileSync(path, whole.slice(0, length));
      const { code, stdout, stderr } = await closing.command("serve", "--port", "0");
      expect([length, code, stdout]).toEqual([length, 1, ""]);
      expect(stderr).toMatch(new RegExp(`${name.replace(".", "\\.")}:\\d+:\\d+`, "u"));
      expect(stderr).not.toMatch(/\n\s+at /u);
    }
    expect(journalOf(upstream.journalFile)).toEqual([]);
  });
});
