import { z } from "zod";
import { ARGUMENT_KINDS, POWERS, TOOL_CLASSES } from "../verdict.ts";

/** The shape of `attacks/NAME/pattern.json`: what an attack is, told to people (CONTRIBUTING.md, docs/attacks.md). */

/** What an attack comes in by, in the order of the overview. */
export const CATEGORIES = [
  "protocol",
  "definitions",
  "results",
  "identity",
  "supply-chain",
  "runaway",
  "arguments",
  "data-flow",
  "destruction",
] as const;
export type Category = (typeof CATEGORIES)[number];

const sentence = z.string().min(10).max(1_000);
const source = z.url({ protocol: /^https$/u });

/** Who acts in a picture of the flow. */
const ACTORS = ["agent", "other agent", "gate", "server", "other server", "person", "outside"] as const;

const flowStep = z.strictObject({
  from: z.enum(ACTORS),
  to: z.enum(ACTORS),
  says: z.string().min(3).max(200),
});

/** `incident`: it happened to somebody. `demonstration`: shown to work. `description`: a specification, a guide or a survey names it. */
export const CASE_KINDS = ["incident", "demonstration", "description"] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What happened, where and when, and who says so. Nothing is invented here. */
const realCase = z.strictObject({
  kind: z.enum(CASE_KINDS),
  title: z.string().min(5).max(200),
  /** As exact as it is known. */
  date: z.string().regex(/^\d{4}(?:-\d\d(?:-\d\d)?)?$/u),
  what: sentence,
  source,
});

/** Which tools an attack needs, as the catalogue knows them. All that is given must fit; empty: any tool will do. */
const needs = z.strictObject({
  classes: z.array(z.enum(TOOL_CLASSES)).optional(),
  powers: z.array(z.enum(POWERS)).optional(),
  arguments: z.array(z.enum(ARGUMENT_KINDS)).optional(),
  meta: z.boolean().optional(),
  says: sentence,
});

const stops = z.strictObject({
  /** `gate`: always, whatever is configured. `policy` and `setting`: what is below. `nothing`: not stopped yet. */
  by: z.enum(["gate", "policy", "setting", "nothing"]),
  says: sentence,
  /** A whole policy, for the tools of the scenario. */
  policy: z.record(z.string(), z.unknown()).optional(),
  /** `gateway` and a server's `tollgate` of the configuration. */
  gateway: z.record(z.string(), z.unknown()).optional(),
  server: z.record(z.string(), z.unknown()).optional(),
});

export const patternShape = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().min(3).max(80),
  category: z.enum(CATEGORIES),
  summary: sentence,
  /** Paragraphs. */
  what: z.array(sentence).min(1).max(6),
  flow: z.array(flowStep).min(2).max(12),
  case: realCase,
  /** Further reading. */
  more: z.array(source).max(8).optional(),
  needs,
  stops,
});

export type Pattern = Readonly<z.infer<typeof patternShape>>;
