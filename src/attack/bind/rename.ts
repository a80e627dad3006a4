import { inTexts as deep, swappedText } from "./constants.ts";
import { entriesNamed } from "./entries.ts";
import { filledArguments } from "./fill.ts";
import { isRecord, ORDER, plainOf, textsOf, type Plain } from "../plain.ts";
import type { Role, Roles } from "./roles.ts";
import type { HostileTool, Scenario, Sign, SimpleStep, Step } from "../scenario.ts";

const simpleSteps = ({ steps }: Scenario): readonly SimpleStep[] =>
  steps.flatMap((step): readonly SimpleStep[] => ("repeat" in step ? step.steps : [step]));

const givenIn = (text: string): Plain => {
  const value = plainOf(text);
  return isRecord(value) ? value : {};
};

/** Calls that are asked of a policy before anything is played. */
const ASKED_MAX = 200;

/** What a tool is given by the steps of a scenario, as often as they are done, and by orders in its texts. */
export const callsIn = (scenario: Scenario, tool: string): readonly Plain[] => {
  const given = (step: SimpleStep): readonly Plain[] =>
    "call" in step && step.call === tool ? [step.arguments ?? {}] : [];
  return [
    ...scenario.steps.flatMap((step) =>
      "repeat" in step
        ? Array.from({ length: Math.min(step.repeat, ASKED_MAX) }, () => step.steps.flatMap(given)).flat()
        : given(step),
    ),
    ...textsOf(scenario.servers).flatMap((text) =>
      [...text.matchAll(ORDER)].flatMap(([, , name, order = ""]) => (name === tool ? [givenIn(order)] : [])),
    ),
  ].slice(0, ASKED_MAX);
};

/** Whether a request that is written byte for byte names the tool. */
export const namedByte = (scenario: Scenario, tool: string): boolean =>
  simpleSteps(scenario).some((step) => "http" in step && JSON.stringify(step.http).includes(tool));

const propertiesOf = ({ tool }: Role): Plain => {
  const { inputSchema } = tool.definition;
  return isRecord(inputSchema) && isRecord(inputSchema["properties"]) ? inputSchema["properties"] : {};
};

/** The arguments of a call of a scenario, as the user's tool takes them: without what it does not know. */
export const argumentsFor = (role: Role, given: Plain): Plain => {
  const named = namedArguments(role, given);
  const filled = filledArguments(role.tool.definition["inputSchema"], named);
  const { admitted, absent } = role;
  const known = propertiesOf(role);
  const asked = [...admitted.keys()].filter(
    (name) => Object.hasOwn(known, name) && absent?.has(name) !== true,
  );
  const added = [...Object.keys(filled), ...asked].filter((name) => !Object.hasOwn(named, name));
  return {
    ...filled,
    ...Object.fromEntries(
      added.flatMap((name) => {
        const key = admitted.has(name) || !Object.hasOwn(filled, name) ? name : "*";
        return admitted.has(key) ? [[name, admitted.get(key)]] : [];
      }),
    ),
  };
};

const namedArguments = (role: Role, given: Plain): Plain => {
  const { arguments: names, admitted, tool } = role;
  const known = propertiesOf(role);
  const taken = new Set([...names.values()].map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, written]) => {
      const to = names.get(name);
      const own = to?.name ?? name;
      const value = admitted.has(own) ? admitted.get(own) : inTheirWords(role, written, name);
      if (to !== undefined) {
        const listed = to.list && !Array.isArray(value) ? [value] : value;
        const { member } = to;
        return [
          [to.name, member === undefined ? listed : entriesNamed(listed, tool.definition, to.name, member)],
        ];
      }
      return Object.hasOwn(known, name) && !taken.has(name) ? [[name, value]] : [];
    }),
  );
};

/** In the words of the user's rule; what none of them is in, disguised. */
const inTheirWords = ({ swaps, guise }: Role, written: unknown, name: string): unknown =>
  deep(written, (text) => {
    const value = swappedText(text, name, swaps);
    return value === text && guise?.argument === name ? guise.put(text) : value;
  });

/** The same scenario on a user's own tools. */
export const renamed = (scenario: Scenario, roles: Roles): Scenario => {
  const servers = Object.fromEntries(
    Object.entries(scenario.servers).map(([name, server]) => [
      name,
      {
        ...server,
        ...(server.tools === undefined ? {} : { tools: renamedTools(server.tools, roles) }),
      },
    ]),
  );
  return {
    ...scenario,
    servers: inTexts(servers, roles, isServers) ?? servers,
    steps: scenario.steps.map((step) => renamedStep(step, roles)),
    through: scenario.through.map((sign) => renamedSign(sign, roles)),
  };
};

/** Kept as it is by whoever renames the texts in it. */
type Servers = Scenario["servers"];
const isServers = (value: unknown): value is Servers => isRecord(value);

const renamedTools = (tools: readonly HostileTool[], roles: Roles): HostileTool[] =>
  tools.map((tool) => renamedTool(tool, roles));

const renamedTool = (tool: HostileTool, roles: Roles): HostileTool => {
  const role = roles.get(tool.definition.name);
  if (role === undefined) {
    return tool;
  }
  const { definition, profile } = role.tool;
  const { name } = profile;
  const inputSchema = isRecord(definition["inputSchema"]) ? definition["inputSchema"] : {};
  return {
    ...tool,
    definition: { ...definition, name, inputSchema: { ...inputSchema } },
    answers: (tool.answers ?? []).map((answer) =>
      answer.when === undefined
        ? answer
        : Object.assign({}, answer, { when: namedArguments(role, answer.when) }),
    ),
  };
};

const renamedStep = (step: Step, roles: Roles): Step =>
  "repeat" in step
    ? { ...step, steps: step.steps.map((each) => renamedSimple(each, roles)) }
    : renamedSimple(step, roles);

const renamedSimple = (step: SimpleStep, roles: Roles): SimpleStep => {
  if ("http" in step) {
    const { headers, body } = step.http;
    return {
      ...step,
      http: {
        ...step.http,
        headers: headers.map(([name, value]) => [name, wordsIn(value, roles)]),
        ...(body === undefined ? {} : { body: wordsIn(body, roles) }),
      },
    };
  }
  const role = "call" in step ? roles.get(step.call) : undefined;
  return "call" in step && role !== undefined
    ? {
        ...step,
        call: role.tool.profile.name,
        arguments: named(argumentsFor(role, step.arguments ?? {}), roles),
      }
    : step;
};

const renamedSign = (sign: Sign, roles: Roles): Sign => {
  const role = sign.called === undefined ? undefined : roles.get(sign.called);
  return role === undefined
    ? sign
    : {
        ...sign,
        called: role.tool.profile.name,
        ...(sign.with === undefined ? {} : { with: named(namedArguments(role, sign.with), roles) }),
      };
};

/** Names of tools within values, such as those that a tool is told to run. */
export const named = (value: Plain, roles: Roles): Plain => {
  const done = deep(value, (text) => wordsIn(text, roles));
  return isRecord(done) ? done : value;
};

/** A name whose first letter is behind an escape of JSON, as attacks write it: `\\u0073top_server`. */
const escaped = (name: string): string =>
  `\\u${(name.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}${name.slice(1)}`;

const wordsIn = (text: string, roles: Roles): string => {
  const names = new Map(
    [...roles].flatMap(([name, { tool }]) => [
      [name, tool.profile.name] as const,
      [escaped(name), escaped(tool.profile.name)] as const,
    ]),
  );
  return inWords(text, names);
};

/** Also in other letters, as servers take them that do not look at the case. */
const inWords = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replaceAll(
    /(?:\\u[0-9a-f]{4})?[\w-]+/gu,
    (word) => names.get(word) ?? names.get(word.toLowerCase()) ?? word,
  );

/** The same scenario with its texts changed. */
export const withTexts = (scenario: Scenario, change: (text: string) => string): Scenario => {
  const done = deep(scenario, change);
  return isScenario(done) ? done : scenario;
};

/** Kept as it is by whoever changes the texts in it. */
const isScenario = (value: unknown): value is Scenario => isRecord(value);

/** The same scenario with some of its words changed, but not the names of what stands for the user's. */
export const withWords = (scenario: Scenario, words: ReadonlyMap<string, string>): Scenario =>
  withTexts(scenario, (text) => inWords(text, words));

/** The same value with the orders in its texts renamed. */
const inTexts = <Kind>(
  value: Kind,
  roles: Roles,
  isKind: (value: unknown) => value is Kind,
): Kind | undefined => {
  const done = walk(value, roles);
  return isKind(done) ? done : undefined;
};

const walk = (value: unknown, roles: Roles): unknown =>
  deep(value, (text) =>
    text.replaceAll(ORDER, (whole, server: string | undefined, name: string, given: string) => {
      const role = roles.get(name);
      return role === undefined
        ? whole
        : `CALL ${server === undefined ? "" : `${server}/`}${role.tool.profile.name} ${JSON.stringify(argumentsFor(role, givenIn(given)))} END`;
    }),
  );
