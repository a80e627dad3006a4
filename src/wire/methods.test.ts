import { describe, expect, it } from "vitest";
import { completionTarget, KNOWN_METHODS, methodIn, methodRow, targetOf } from "./methods.ts";
import { eraOf, META, readModernMeta, REVISIONS } from "./revisions.ts";

/** Methods of each revision, from the `const` of every request and notification of its JSON Schema, and the tasks extension. */
const LEGACY_BASE = [
  "completion/complete",
  "initialize",
  "logging/setLevel",
  "notifications/cancelled",
  "notifications/initialized",
  "notifications/message",
  "notifications/progress",
  "notifications/prompts/list_changed",
  "notifications/resources/list_changed",
  "notifications/resources/updated",
  "notifications/roots/list_changed",
  "notifications/tools/list_changed",
  "ping",
  "prompts/get",
  "prompts/list",
  "resources/list",
  "resources/read",
  "resources/subscribe",
  "resources/templates/list",
  "resources/unsubscribe",
  "roots/list",
  "sampling/createMessage",
  "tools/call",
  "tools/list",
];
const TASKS_2025 = [
  "elicitation/create",
  "notifications/elicitation/complete",
  "notifications/tasks/status",
  "tasks/cancel",
  "tasks/get",
  "tasks/list",
  "tasks/result",
];
const EXPECTED = {
  "2024-11-05": LEGACY_BASE,
  "2025-03-26": LEGACY_BASE,
  "2025-06-18": [...LEGACY_BASE, "elicitation/create"],
  "2025-11-25": [...LEGACY_BASE, ...TASKS_2025],
  "2026-07-28": [
    "completion/complete",
    "notifications/cancelled",
    "notifications/message",
    "notifications/progress",
    "notifications/prompts/list_changed",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
    "notifications/subscriptions/acknowledged",
    "notifications/tasks",
    "notifications/tools/list_changed",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/templates/list",
    "server/discover",
    "subscriptions/listen",
    "tasks/cancel",
    "tasks/get",
    "tasks/update",
    "tools/call",
    "tools/list",
  ],
} as const;

describe("the method table", () => {
  it.each(REVISIONS)("has the methods of %s and no others", (revision) => {
    const known = KNOWN_METHODS.filter((method) => {
      const row = methodRow(method);
      return row !== undefined && methodIn(row, revision);
    });
    expect(known.toSorted()).toEqual([...EXPECTED[revision]].toSorted());
  });

  it("has each method once, and nothing for unknown ones", () => {
    expect(new Set(KNOWN_METHODS).size).toBe(KNOWN_METHODS.length);
    expect(methodRow("tools/Call")).toBeUndefined();
    expect(methodRow("constructor")).toBeUndefined();
  });

  it("says which member of params names the target", () => {
    const target = (method: string, params: Record<string, string>): string | undefined => {
      const row = methodRow(method);
      return row && targetOf(row, params);
    };
    expect(target("tools/call", { name: "a", uri: "b" })).toBe("a");
    expect(target("resources/read", { name: "a", uri: "b" })).toBe("b");
    expect(target("tasks/get", { taskId: "t" })).toBe("t");
    expect(target("tools/list", { name: "a" })).toBeUndefined();
  });

  it("reads what a completion is for", () => {
    expect(completionTarget({ ref: { type: "ref/prompt", name: "p" } })).toEqual({
      kind: "prompt",
      name: "p",
    });
    expect(completionTarget({ ref: { type: "ref/resource", uri: "a:b" } })).toEqual({
      kind: "resource",
      uri: "a:b",
    });
    expect(completionTarget({ ref: { type: "ref/prompt", uri: "a:b" } })).toBeUndefined();
    expect(completionTarget({ ref: { type: "x", name: "p", uri: "a:b" } })).toBeUndefined();
    expect(completionTarget({})).toBeUndefined();
  });
});

describe("the era", () => {
  it("is known for known revisions only", () => {
    expect(REVISIONS.map(eraOf)).toEqual(["legacy", "legacy", "legacy", "legacy", "modern"]);
    expect(eraOf("2027-01-01")).toBeUndefined();
    expect(eraOf("toString")).toBeUndefined();
  });

  const meta = {
    [META.protocolVersion]: "2026-07-28",
    [META.clientCapabilities]: { roots: {} },
    [META.clientInfo]: { name: "c", version: "1" },
  };

  it("is modern by the metadata of the request", () => {
    expect(readModernMeta({ _meta: meta })).toEqual({
      kind: "modern",
      revision: "2026-07-28",
      clientCapabilities: { roots: {} },
      clientInfo: { name: "c", version: "1" },
      logLevel: undefined,
    });
  });

  it("is legacy without it", () => {
    expect(readModernMeta(undefined).kind).toBe("legacy");
    expect(readModernMeta({}).kind).toBe("legacy");
    expect(
      readModernMeta({ _meta: { progressToken: 1, "io.modelcontextprotocol/related-task": {} } }).kind,
    ).toBe("legacy");
  });

  it.each([
    [META.protocolVersion, undefined],
    [META.protocolVersion, 5],
    [META.clientCapabilities, undefined],
    [META.clientCapabilities, []],
    [META.clientInfo, {}],
    [META.clientInfo, null],
    [META.logLevel, 3],
  ])("is invalid with %s as %j", (key, value) => {
    const changed: Record<string, unknown> = { ...meta, [key]: value };
    if (value === undefined) {
      delete changed[key];
    }
    expect(readModernMeta({ _meta: changed as never })).toMatchObject({ kind: "invalid" });
  });
});
