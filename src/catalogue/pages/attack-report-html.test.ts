import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import { OUTCOMES, type AttackResult } from "../attacks/result.ts";
import { attackReportHtml } from "./attack-report-html.ts";
import type { AttackReport } from "./model/attack-report.ts";
import { OUTCOME_NAMES } from "./model/attack-wording.ts";
import { patternOf, PATTERNS, resultOf } from "./testing/patterns.ts";

const report = (results: readonly AttackResult[], more: Partial<AttackReport> = {}): string =>
  attackReportHtml({
    about: "a.policy.json",
    policyIn: "a.policy.json",
    again: "tollgate attack run --policy a.policy.json",
    all: "--all",
    withSettings: false,
    at: Date.UTC(2026, 6, 28, 9, 30),
    asked: results.length,
    results,
    ...more,
  });

/** Its words, without markup and style. */
const said = (text: string): string =>
  text
    .replaceAll(/<style>.*?<\/style>|<[^>]*>/gsu, " ")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/gu, " ");

const named = (name: string) => PATTERNS.find((attack) => attack.name === name) ?? patternOf(name);
const of = (name: string, more: Partial<AttackResult> = {}) => resultOf(named(name), "through", more);

describe("the report of attacks", () => {
  it("stands alone: its style is the one that its policy admits, and nothing is loaded", () => {
    const text = report([of("path-escape")]);
    const [, style = ""] = /<style>(?<style>.*?)<\/style>/su.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64").replaceAll("+", "&#43;");
    expect(style.length).toBeGreaterThan(1_000);
    expect(text.replaceAll("+", "&#43;")).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(text).not.toMatch(/<(?:script|link|img|iframe)|\ssrc=|url\(|@import/u);
  });

  it("tells what got through first, then the rest in the order of concern", () => {
    const text = report(OUTCOMES.toReversed().map((outcome) => resultOf(named("path-escape"), outcome)));
    const heads = [...text.matchAll(/<h2 id="(?<id>[a-z_]+)">/gu)].map(([, id]) => id);
    expect(heads).toEqual([...OUTCOMES, "again"]);
    expect(said(text)).toContain("2 of 4 attacks got through");
    expect(said(text)).toContain("on 2026-07-28 09:30 UTC");
    for (const outcome of OUTCOMES) {
      expect(said(text)).toContain(`1 ${OUTCOME_NAMES[outcome].toLowerCase()}`);
    }
  });

  it("says that what is unclear is not held, and what proves more", () => {
    const text = said(
      report([resultOf(named("path-escape"), "unclear"), resultOf(named("any-tool"), "held")]),
    );
    expect(text).toContain("1 of 2 attacks is unclear, none got through");
    expect(text).toContain("Rules that ask what a value is prove more.");
    expect(text).toContain("What stops it: A rule keeps the path within a folder.");
  });

  it("says of what got through: with whose tools, the message, why, and what to add where", () => {
    const text = said(
      report([
        of("path-escape", {
          tools: { read_file: "get_contents" },
          proofs: [{ says: "It was read.", message: '{"path":"/etc/passwd"}' }],
          proposal: {
            adds: { default: "deny", tools: { get_contents: { action: "deny" } } },
            replaces: ["get_contents"],
            closes: ["find_all"],
          },
          because: "The key `*` admits it.",
        }),
      ]),
    );
    for (const part of [
      "It was played with your get_contents in the place of read_file",
      'It was read. {"path":"/etc/passwd"}',
      "The gate refused none of its messages. The key * admits it.",
      "Put into a.policy.json , in place of what it says of get_contents.",
      "It closes 1 of your tools besides: find_all.",
      '{ "default": "deny", "tools": { "get_contents": { "action": "deny" } } }',
      "tollgate attack run --policy a.policy.json path-escape",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("says why there is no rule, and shows none then: what the page recommends was seen to hold nothing", () => {
    expect(said(report([of("path-escape")]))).toContain("no rule of a.policy.json is against them");
    const text = said(report([of("path-escape", { unproposed: "No rule is proposed." })]));
    expect(text).toContain("No rule is proposed.");
    expect(text).not.toContain("Put into");
    expect(text).not.toContain("args.path");
    expect(text).not.toContain("Then see that it is held");
  });

  it("sends whoever needs a setting to a run that tries settings", () => {
    const policy = said(report([of("flood")]));
    expect(policy).toContain("tollgate attack run --grant NAME flood");
    expect(policy).not.toContain("a.policy.json flood");
    const again = "tollgate attack run --grant ana";
    const grant = said(report([of("flood")], { withSettings: true, again }));
    expect(grant).toContain("tollgate attack run --grant ana flood");
  });

  it("says of what was held by which code and rule, and of what was not enough the same", () => {
    const refused = [{ asked: "read_file", code: "argument_denied", rule: "/tools/x", message: "No." }];
    const held = said(report([resultOf(named("shell"), "held", { refused })]));
    expect(held).toContain("read_file: argument_denied by /tools/x No.");
    expect(held).toContain("The attack was held");
    expect(said(report([of("shell", { refused })]))).toContain(
      "Some of it was refused, and that was not enough: read_file: argument_denied by /tools/x No.",
    );
  });

  it("breaks a long message of JSON into lines, and leaves any other as it is", () => {
    const long = "x".repeat(120);
    const proofs = [JSON.stringify({ long, id: 1 }), `data: ${long}`].map((message) => ({
      says: "",
      message,
    }));
    const text = report([of("shell", { proofs })]);
    expect(text).toContain(`{\n  &quot;long&quot;: &quot;${long}&quot;,\n  &quot;id&quot;: 1\n}`);
    expect(text).toContain(`data: ${long}`);
  });

  it("shows some of many messages and refusals, and says how many more there are", () => {
    const proofs = Array.from({ length: 20 }, (_, at) => ({ says: "It came.", message: `m${String(at)}` }));
    const refused = proofs.map(({ message }) => ({ asked: message, code: "x", message: "" }));
    const text = said(report([of("shell", { proofs, refused })]));
    expect(text).toContain(`and ${String(20 - LIMITS.report_proofs_max)} messages more`);
    expect(text).toContain(`and ${String(20 - LIMITS.report_refusals_max)} more`);
  });

  it("marks a message that was cut", () => {
    const message = "x".repeat(LIMITS.attack_shown_characters_max);
    expect(said(report([of("shell", { proofs: [{ says: "", message }] })]))).toContain(
      "The first 600 characters",
    );
  });

  it("says where all were held, where none was played, and where it was interrupted", () => {
    const held = PATTERNS.map((attack) => resultOf(attack, "held"));
    expect(said(report(held))).toContain("All 5 attacks were held");
    expect(said(report([resultOf(named("shell"), "failed")]))).toContain("No attack was played");
    expect(said(report(held, { asked: 6 }))).toContain("1 attack was not played and is not in this report");
    expect(said(report([]))).toContain("No attack was played");
  });
});
