import { type Json, member } from "../base/json-value.ts";
import { localDate, localHour, localWeekday } from "./local-time.ts";
import type { ParsedPath, Step } from "./path.ts";
import type { Call } from "./types.ts";

/** What a path beside `args` reads. `each` yields several values; `undefined` is "missing" for both. */
export type RootReader =
  | { readonly one: (call: Call) => Json | undefined }
  | { readonly each: (call: Call) => Iterable<string> | undefined };

/** What the values of such a path are, for the checker. */
export type RootType = "string" | "integer" | "date" | "any";

interface RootPath {
  readonly type: RootType;
  readonly reader: RootReader;
}

/** Every path beside `args` (docs/policy.md); `tool.annotations.NAME` is below. */
const ROOT_PATHS: ReadonlyMap<string, RootPath> = new Map<string, RootPath>([
  ["tool.name", { type: "string", reader: { one: (call) => call.tool } }],
  ["tool.class", { type: "string", reader: { one: (call) => factsOf(call)?.class } }],
  ["server.name", { type: "string", reader: { one: (call) => call.subject.server } }],
  ["grant.name", { type: "string", reader: { one: (call) => call.subject.grant } }],
  ["identity.name", { type: "string", reader: { one: (call) => call.subject.identity?.name } }],
  ["identity.groups[*]", { type: "string", reader: { each: (call) => call.subject.identity?.groups } }],
  ["client.name", { type: "string", reader: { one: (call) => call.subject.client?.name } }],
  ["client.version", { type: "string", reader: { one: (call) => call.subject.client?.version } }],
  ["session.tools[*]", { type: "string", reader: { each: (call) => call.subject.session?.tools } }],
  ["now.hour", { type: "integer", reader: { one: (call) => localHour(call.at, call.subject.timezone) } }],
  [
    "now.weekday",
    { type: "string", reader: { one: (call) => localWeekday(call.at, call.subject.timezone) } },
  ],
  ["now.date", { type: "date", reader: { one: (call) => localDate(call.at, call.subject.timezone) } }],
]);

/** For "did you mean". */
export const rootPathNames: readonly string[] = [...ROOT_PATHS.keys(), "tool.annotations.NAME"];

const factsOf = (call: Call) => (typeof call.offered === "object" ? call.offered : undefined);

const stepText = (step: Step): string => {
  if (step.kind === "name") {
    return `.${step.name}`;
  }
  if (step.kind === "index") {
    return `[${step.index}]`;
  }
  return step.kind === "members" ? ".*" : "[*]";
};

const annotation = (name: string): RootPath => ({
  type: "any",
  reader: {
    one: (call) => {
      const annotations = factsOf(call)?.annotations;
      return annotations === undefined ? undefined : member(annotations, name);
    },
  },
});

/** What stands at a path beside `args`, or `undefined` if policies have no such path. */
export const rootPath = (
  path: Pick<ParsedPath, "steps" | "deep"> & { readonly root: string },
): RootPath | undefined => {
  const [first, second, ...rest] = path.steps;
  if (path.deep) {
    return undefined;
  }
  if (path.root === "tool" && first?.kind === "name" && first.name === "annotations") {
    return second?.kind === "name" && rest.length === 0 ? annotation(second.name) : undefined;
  }
  return ROOT_PATHS.get(path.root + path.steps.map(stepText).join(""));
};
