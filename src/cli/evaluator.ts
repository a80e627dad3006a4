import type { Clock } from "../base/clock.ts";
import { member, type JsonObject } from "../base/json-value.ts";
import { profiled } from "../catalogue/profiled.ts";
import { toolFacts, withClass } from "../catalogue/tool-facts.ts";
import type { Counters } from "../meter/port.ts";
import type { PolicySet } from "../policy/compile.ts";
import { decide, refuseLimit, type Verdict } from "../policy/decide.ts";
import type { Decision, Offered, SchemaCompiler, ToolFacts } from "../policy/types.ts";
import type { WrittenCall } from "./eval-call.ts";

export interface EvaluatorOptions {
  readonly policy: PolicySet;
  /** What the server offers; without it gate 6 is skipped and gate 7 checks the depth only. */
  readonly tools: readonly JsonObject[] | undefined;
  /** Whether `tool.class` is the catalogue's; otherwise it is missing, as the language has it. */
  readonly classify: boolean;
  /** `server.name`; nothing is contacted. */
  readonly server: string | undefined;
  readonly counters: Counters;
  readonly compileSchema: SchemaCompiler;
  readonly clock: Clock;
}

/** Judges written calls one after the other, as the gate would: admitted ones are charged, sessions remember. */
export interface Evaluator {
  readonly judge: (call: WrittenCall) => Promise<Decision>;
}

/** Gates 1, 2 and 12 never refuse here, and time is that of the calls (docs/policy.md). */
export const createEvaluator = (options: EvaluatorOptions): Evaluator => {
  const offered = offer(options);
  const sessions = new Map<string, Set<string>>();
  let time: number | undefined;
  return {
    judge: async (call) => {
      const at = call.at ?? time ?? options.clock.now();
      time = at;
      const session = call.session === undefined ? undefined : toolsOf(sessions, call.session);
      const verdict = decide(options.policy, {
        tool: call.tool,
        args: call.args,
        offered: offered(call.tool),
        subject: {
          grant: call.grant,
          identity: call.identity,
          server: options.server,
          client: call.client,
          session:
            call.session === undefined || session === undefined
              ? undefined
              : { id: call.session, tools: session },
          timezone: "UTC",
        },
        at,
        frozen: false,
      });
      const { decision } = await charge(options, verdict, at);
      if (decision.decision === "allow") {
        session?.add(call.tool);
      }
      return decision;
    },
  };
};

const toolsOf = (sessions: Map<string, Set<string>>, id: string): Set<string> => {
  const known = sessions.get(id);
  if (known !== undefined) {
    return known;
  }
  const tools = new Set<string>();
  sessions.set(id, tools);
  return tools;
};

/** Gate 11. A call without charges moves the counters' clock too: limits use the latest time decided at. */
const charge = async (
  { policy, counters }: EvaluatorOptions,
  verdict: Verdict,
  at: number,
): Promise<Verdict> => {
  const reservation = await counters.reserve(verdict.charges, at);
  return reservation.ok
    ? verdict
    : refuseLimit(policy, verdict, reservation.index, reservation.code, reservation.retryAfterMs);
};

const offer = ({ tools, compileSchema, classify }: EvaluatorOptions): ((name: string) => Offered) => {
  if (tools === undefined) {
    return () => "unchecked";
  }
  const definitions = new Map<string, JsonObject | undefined>();
  for (const tool of tools) {
    const name = member(tool, "name");
    if (typeof name === "string") {
      // Of two tools with one name the gate shows neither.
      definitions.set(name, definitions.has(name) ? undefined : tool);
    }
  }
  const facts = new Map<string, ToolFacts>();
  return (name) => {
    const definition = definitions.get(name);
    if (definition === undefined) {
      return "unknown";
    }
    const known = facts.get(name);
    if (known !== undefined) {
      return known;
    }
    const read = toolFacts(definition, compileSchema, profiled(definition));
    const made = classify ? read : withClass(read, undefined);
    facts.set(name, made);
    return made;
  };
};
