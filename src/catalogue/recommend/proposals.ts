import type { Json, JsonObject } from "../../base/json-value.ts";
import { parsePath } from "../../policy/path.ts";
import { below } from "../../policy/pointer.ts";
import type { Proposal } from "../recommendation.ts";
import type { ArgumentFact, ArgumentKind, Power, ToolProfile } from "../verdict.ts";

/** Conditions that would fit a tool's arguments, with values that only people know (docs/catalogue.md). */

interface Fit {
  readonly kind: ArgumentKind;
  /** Of which arguments, by the last name of the path; absent: of all. */
  readonly named?: RegExp;
  /** Only of tools with this power. */
  readonly power?: Power;
  readonly of: "text" | "number";
  readonly condition: Readonly<Record<string, Json>>;
  readonly why: string;
  readonly onDeny: string;
}

const MAIL = /(?:^|_)(?:to|cc|bcc|from|e?mails?|addresse?s?|recipients?|attendees?)(?:_|$)/;
const MAIL_OF_DOMAIN = { op: "regex", value: "^[^@\\s,;<>]+@example\\.com$", flags: "i" };

/** For each kind the first row that fits counts. */
const FITS: readonly Fit[] = [
  {
    kind: "url",
    of: "text",
    condition: { op: "host_in", value: ["api.example.com", "*.example.org"] },
    why: "It carries a URL: name the hosts that may be reached.",
    onDeny: "This host is not one that may be reached.",
  },
  {
    kind: "path",
    of: "text",
    condition: { op: "within", value: ["/srv/project"] },
    why: "It carries a path: name the folders it may lead into. Relative paths are refused then.",
    onDeny: "This path is outside the folders that may be used.",
  },
  {
    kind: "host",
    named: /(?:^|_)(?:ip|ips|cidr|address|addresses|subnet)(?:_|$)/,
    of: "text",
    condition: { op: "cidr_in", value: ["10.20.0.0/16"] },
    why: "It carries an address: name the networks that may be reached.",
    onDeny: "This address is not in a network that may be reached.",
  },
  {
    kind: "host",
    of: "text",
    condition: { op: "in", value: ["db.example.com"], fold: true },
    why: "It carries a host: name those that may be reached.",
    onDeny: "This host is not one that may be reached.",
  },
  {
    kind: "sql",
    of: "text",
    condition: { op: "regex", value: "^\\s*SELECT\\s[^;]*$", flags: "i" },
    why: "It carries SQL: this lets single SELECT statements through. No pattern can judge SQL, for a SELECT can call what writes: give the server a database user that may only read.",
    onDeny: "Only a single SELECT statement may be run.",
  },
  {
    kind: "recipient",
    power: "outside",
    named: MAIL,
    of: "text",
    condition: MAIL_OF_DOMAIN,
    why: "It says who gets a message: name the domain that may.",
    onDeny: "Messages may go only to the domain that is allowed.",
  },
  {
    kind: "recipient",
    power: "outside",
    of: "text",
    condition: { op: "in", value: ["team"] },
    why: "It says who gets a message: list those that may.",
    onDeny: "Messages may go only to those that are listed.",
  },
  // Who is named by a tool that sends nothing, such as the author of a change.
  {
    kind: "recipient",
    named: MAIL,
    of: "text",
    condition: MAIL_OF_DOMAIN,
    why: "It carries somebody's mail address: name the domain that it may be of.",
    onDeny: "Only mail addresses of the domain that is allowed may be given.",
  },
  {
    kind: "recipient",
    of: "text",
    condition: { op: "in", value: ["team"] },
    why: "It names people or groups: list those that may be named.",
    onDeny: "Only those that are listed may be named.",
  },
  {
    kind: "money",
    of: "number",
    condition: { op: "lte", value: 100 },
    why: "It carries an amount: say how large one may be.",
    onDeny: "This amount is above what one call may move.",
  },
];

const TYPES: Readonly<Record<Fit["of"], readonly string[]>> = {
  text: ["string"],
  number: ["number", "integer"],
};

/** The path to read for values of these types; `undefined` where there are none, or others among them. */
const pathFor = (
  { path, types }: ArgumentFact,
  wanted: readonly string[],
  known: readonly string[],
): string | undefined => {
  const given = types.filter((type) => type !== "null");
  const scalars = given.filter((type) => type !== "array");
  if (!scalars.every((type) => wanted.includes(type))) {
    return undefined;
  }
  if (!given.includes("array")) {
    return path;
  }
  // What is in a list has facts of its own, unless it is a plain list near the top.
  if (known.some((other) => other.startsWith(`${path}[*]`)) || /[.[]/.test(path.replace(/^args\./, ""))) {
    return undefined;
  }
  // A value or a list of values: `.**` reads both.
  return scalars.length > 0 ? `${path}.**` : `${path}[*]`;
};

const lastName = (path: string): string => {
  const parsed = parsePath(path);
  const names =
    "invalid" in parsed ? [] : parsed.steps.flatMap((step) => (step.kind === "name" ? [step.name] : []));
  return (names.at(-1) ?? "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
};

const fitFor = (kind: ArgumentKind, path: string, powers: readonly Power[]): Fit | undefined =>
  FITS.find(
    ({ kind: of, named, power }) =>
      of === kind && (power === undefined || powers.includes(power)) && (named?.test(lastName(path)) ?? true),
  );

/** One condition of each kind; a value of several kinds may fit any of them. */
const predicateFor = (fact: ArgumentFact, known: readonly string[], powers: readonly Power[]) => {
  const fits = FITS.filter(
    (fit) => fact.kinds.includes(fit.kind) && fitFor(fit.kind, fact.path, powers) === fit,
  );
  const found = fits.flatMap((fit) => {
    const path = pathFor(fact, TYPES[fit.of], known);
    return path === undefined ? [] : [{ fit, path }];
  });
  const conditions = found.map(({ fit, path }) => ({
    path,
    ...fit.condition,
    ...(fact.required ? {} : { on_missing: "true" }),
  }));
  const [first] = conditions;
  const fit = found[0]?.fit;
  if (first === undefined || fit === undefined) {
    return undefined;
  }
  const value: JsonObject = {
    conditions: conditions.length === 1 ? [first] : [{ any: conditions }],
    on_deny: fit.onDeny,
  };
  return { value, why: found.map((each) => each.fit.why).join(" Or: ") };
};

const OPTIONAL =
  ' A call that leaves it out passes, by "on_missing": "true"; with "false" in its place such a call is refused.';

export const proposalsFor = ({ name, powers, arguments: facts }: ToolProfile): readonly Proposal[] => {
  const known = facts.map(({ path }) => path);
  return facts.flatMap((fact) => {
    const predicate = "invalid" in parsePath(fact.path) ? undefined : predicateFor(fact, known, powers);
    return predicate === undefined
      ? []
      : [
          {
            tool: name,
            pointer: `${below("/tools", name)}/require/-`,
            argument: fact.path,
            value: predicate.value,
            why: fact.required ? predicate.why : predicate.why + OPTIONAL,
          },
        ];
  });
};
