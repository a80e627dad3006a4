import type { DecisionCode } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { ToolClass } from "./tool-classes.ts";

/** A verdict on one call (docs/policy.md). Member names are the wire's. */
export interface Decision {
  readonly decision: "allow" | "deny" | "hold";
  readonly code: DecisionCode;
  /** RFC 6901 pointer into the document as written. */
  readonly rule?: string;
  /** Name of the predicate that refused. */
  readonly name?: string;
  readonly message: string;
  /** Only in observe mode, on `allowed` and on what gates 8 to 11 decide. */
  readonly enforced?: false;
  /** Whole milliseconds. */
  readonly retry_after_ms?: number;
  readonly approval_id?: string;
}

/** Who calls, as far as policies may look. Built once for a request or a session. */
export interface Subject {
  /** The grant's name; "" where `policy eval` is told none. */
  readonly grant: string | undefined;
  readonly identity: { readonly name: string; readonly groups?: readonly string[] } | undefined;
  readonly server: string | undefined;
  readonly client: { readonly name: string; readonly version?: string } | undefined;
  readonly session: { readonly id: string; readonly tools: ReadonlySet<string> } | undefined;
  /** IANA name for `now.*`. */
  readonly timezone: string;
}

/** Whether one value satisfies a JSON Schema; `unknown` where the value cannot be judged (a number no double holds). */
export type SchemaCheck = (value: Json) => boolean | "unknown";

/** Compiles a JSON Schema; a string says why it cannot be. Handed in, so that the decider needs no schema library. */
export type SchemaCompiler = (schema: Json) => SchemaCheck | { readonly invalid: string };

/** What a server says of one of its tools, prepared once when its list is read. */
export interface ToolFacts {
  readonly name: string;
  /** The tool's class from the catalogue; missing where nobody classified it (`policy eval`). */
  readonly class: ToolClass | undefined;
  readonly annotations: JsonObject | undefined;
  readonly schema: ToolSchema;
}

/** A tool's compiled `inputSchema`. `invalid` says why it refuses every call. */
export type ToolSchema =
  | {
      readonly check: SchemaCheck;
      /** Names the schema gives for `strict`; `undefined` where strict adds nothing to the schema. */
      readonly named: ReadonlySet<string> | undefined;
    }
  | { readonly invalid: string };

/**
 * What the server offers under the called name. `unchecked`: no list was given (`policy eval` without `--tools`):
 * gate 6 is skipped and gate 7 checks the depth only.
 */
export type Offered = ToolFacts | "unchecked" | "unknown" | "changed";

/** One call to judge. */
export interface Call {
  readonly tool: string;
  readonly args: JsonObject;
  readonly offered: Offered;
  readonly subject: Subject;
  /** Milliseconds since the epoch: the call's own time, for `now.*`. */
  readonly at: number;
  readonly frozen: boolean;
}

/** What a tool is that can do what other tools do, because it is told what to do. */
export interface MetaFacts {
  /** What it is told: names of tools, program text, command lines, or SQL that can write. */
  readonly runs: "tools" | "code" | "commands" | "sql";
  /** Paths of the arguments that carry it, as policies write them. */
  readonly arguments: readonly string[];
  /** Whether conditions on these arguments can judge all that a call does. Not so: only a person can. */
  readonly namesDecide?: boolean;
  /** Paths of what stands beside them and may tell it more: free text, lists and objects. */
  readonly beside?: readonly string[];
  /** Whether what the named tools are given may be text: in escapes it says what no condition on it sees. */
  readonly givenAsText?: boolean;
  /** The objects that they stand in, and all names that those have by the schema. */
  readonly holders?: readonly Holder[];
}

export interface Holder {
  readonly path: string;
  readonly names: readonly string[];
}

/** Tells whether a tool is one, from its entry in `tools/list`. Handed in, so that the checker needs no catalogue. */
export type MetaFinder = (tool: JsonObject) => MetaFacts | undefined;

/** What a tool does, by its entry in `tools/list`. Handed in likewise. */
export type ClassFinder = (tool: JsonObject) => ToolClass | undefined;
