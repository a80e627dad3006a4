import { z } from "zod";
import { ARGUMENT_KINDS, POWERS, TOOL_CLASSES } from "../catalogue/verdict.ts";

/**
 * The shape of `attacks/NAME/scenario.json`: what a hostile or careless server does, what an agent does, and by what
 * one sees that the attack got through (docs/attacks.md).
 *
 * Texts of steps may hold `{{token}}`, `{{token:GRANT}}`, `{{url}}`, `{{url:SERVER}}`, `{{host}}`, and `{{NAME}}` for what
 * an earlier step saved.
 */

const name = z.string().min(1).max(200);
const object = z.record(z.string(), z.unknown());

const kinds = z.enum(ARGUMENT_KINDS);
const words = z.array(z.string().regex(/^[a-z]+$/u)).min(1);

/** What an argument must be like. A kind alone: one of this kind; `text`: any that takes a text. */
const argument = z.union([
  z.enum([...ARGUMENT_KINDS, "text"]),
  z.strictObject({
    /** Of one of these kinds … */
    kinds: z.array(kinds).optional(),
    /** … or with one of these words in its name. */
    words: words.optional(),
    /** Only one that takes a list; `false`: only one that takes none. */
    list: z.boolean().optional(),
    /** A list of objects: the member here that says what is run. It has the name that the user's rule or tool has for it. */
    entries: name.optional(),
  }),
]);

/** For what tool of a user's own server a tool stands, and which of its arguments are what kind. */
const standsFor = z.strictObject({
  classes: z.array(z.enum(TOOL_CLASSES)).min(1),
  /** Name of the argument here → what it is there. */
  arguments: z.record(z.string(), argument).optional(),
  /** Those of them that the attack leaves out: the user's tool must not require them. */
  optional: z.array(z.string()).optional(),
  /** A tool that runs what it is told; otherwise none that runs other tools. */
  meta: z.boolean().optional(),
  /** Only a tool with one of these words in its name. */
  words: words.optional(),
  /** Only a tool with one of these powers; by default of those that the pattern needs. */
  powers: z.array(z.enum(POWERS)).optional(),
  /** Only a tool that the policy that is tried withholds. */
  withheld: z.boolean().optional(),
});

/** What a call is answered with. The first that fits counts. */
const answer = z.strictObject({
  /** Only calls whose arguments have these members. */
  when: object.optional(),
  /** Only from so many calls of this tool on, the first being 1. */
  from: z.int().min(1).optional(),
  /** The result; in its texts `{{arguments}}` is what the tool was given, `{{earlier}}` what it was given by the call before in the same session. */
  give: object.optional(),
  /** A JSON-RPC error. */
  error: z.strictObject({ code: z.int(), message: z.string(), data: z.unknown().optional() }).optional(),
  /** A text of so many bytes. */
  bytes: z.int().min(1).optional(),
  /** No answer ever. */
  never: z.literal(true).optional(),
});

const tool = z.strictObject({
  /** As in `tools/list`. */
  definition: z.looseObject({ name, inputSchema: object }),
  stands_for: standsFor.optional(),
  /** What its description says besides, to whoever obeys it: kept where the tool stands for one of a user's. */
  hidden: z.string().optional(),
  /** In the list only from so many calls on, of any tool; and only until then. */
  from_calls: z.int().min(0).optional(),
  until_calls: z.int().min(1).optional(),
  answers: z.array(answer).optional(),
});

export const serverShape = z.strictObject({
  face: z.enum(["http", "stdio"]).optional(),
  tools: z.array(tool).optional(),
  resources: z
    .array(z.strictObject({ definition: z.looseObject({ uri: name, name }), text: z.string() }))
    .optional(),
  prompts: z.array(z.strictObject({ definition: z.looseObject({ name }), text: z.string() })).optional(),
  /** What `initialize` and `server/discover` say besides. */
  hello: object.optional(),
  /** A server as careless ones are: it takes names of tools without regard to case, width and what cannot be seen … */
  folds_names: z.boolean().optional(),
  /** … takes the tool's name from the header `Mcp-Name` before the body's. */
  believes_headers: z.boolean().optional(),
  /** Variables of its environment that it looks for and writes down. */
  reads_environment: z.array(name).optional(),
});

const who = { as: name.optional(), on: name.optional() };

const callStep = z.strictObject({ ...who, call: name, arguments: object.optional() });
const listStep = z.strictObject({ ...who, list: z.enum(["tools", "resources", "prompts"]) });
const readStep = z.strictObject({ ...who, read: name });
const promptStep = z.strictObject({ ...who, prompt: name });

/** A request as it goes over the wire. */
const httpStep = z.strictObject({
  ...who,
  http: z.strictObject({
    method: z.string().optional(),
    /** After the address of the gate; by default the endpoint of the server. */
    path: z.string().optional(),
    /** Name and value, in order, as written. `content-length` is added. */
    headers: z.array(z.tuple([z.string(), z.string()])),
    body: z.string().optional(),
  }),
  /** A header's value, or what stands in the body between two texts. */
  save: z
    .strictObject({
      as: name,
      header: z.string().optional(),
      after: z.string().optional(),
      before: z.string().optional(),
    })
    .optional(),
});

/** The agent does what it has read: `CALL tool {json} END` in any text it got, `$RESULT` being the last text of a result. */
const obeyStep = z.strictObject({ ...who, obey: z.literal(true) });

/** What somebody does at the gate meanwhile: `tollgate …`, with configuration and data directory added. */
const commandStep = z.strictObject({ command: z.array(z.string()).min(1) });

export const simpleStep = z.union([
  callStep,
  listStep,
  readStep,
  promptStep,
  httpStep,
  obeyStep,
  commandStep,
]);
const repeatStep = z.strictObject({
  repeat: z.int().min(1).max(2_000),
  /** At the same time, rather than one after the other. */
  together: z.boolean().optional(),
  steps: z.array(simpleStep).min(1),
});

/** By what one sees that it got through: any of them. */
const sign = z.strictObject({
  server: name.optional(),
  /** The server executed this tool … */
  called: name.optional(),
  /** … with these members in its arguments … */
  with: object.optional(),
  /** … so often at least. */
  times: z.int().min(1).optional(),
  /** This text came to the server: in a body, a header, its environment. */
  reached: z.string().min(4).optional(),
  /** This text came to the agent. */
  received: z.string().min(4).optional(),
  /** An answer of so many bytes came to the agent. */
  bytes: z.int().min(1).optional(),
  /** So many answers never came. */
  unanswered: z.int().min(1).optional(),
  as: name.optional(),
});

export const scenarioShape = z.strictObject({
  $schema: z.string().optional(),
  /** The first is the one that the steps mean by default. */
  servers: z.record(name, serverShape),
  /** Further grants; `agent` is always there, with the policy that is tried, for every server. */
  grants: z
    .record(
      name,
      z.strictObject({
        servers: z.array(name).optional(),
        /** `tried`: the policy that is tried, by default. `open`: everything is allowed. */
        policy: z.enum(["tried", "open"]).optional(),
      }),
    )
    .optional(),
  steps: z.array(z.union([simpleStep, repeatStep])).min(1),
  through: z.array(sign).min(1),
});

export type Scenario = Readonly<z.infer<typeof scenarioShape>>;
export type HostileServer = z.infer<typeof serverShape>;
export type StandsFor = z.infer<typeof standsFor>;
export type WantedArgument = z.infer<typeof argument>;
export type HostileTool = z.infer<typeof tool>;
export type Answer = z.infer<typeof answer>;
export type SimpleStep = z.infer<typeof simpleStep>;
export type Step = SimpleStep | z.infer<typeof repeatStep>;
export type Sign = z.infer<typeof sign>;
