import { randomBytes } from "node:crypto";
import type { Reached } from "./jobs.ts";
import type { Plain } from "./plain.ts";
import type { Tried } from "../catalogue/attacks/result.ts";
import type { Scenario } from "./scenario.ts";

/** A policy that allows everything. */
export const OPEN = '{ "version": "1", "default": "allow" }';

/** Policies by name, as texts: files beside the configuration, so that the gate reads what was written. */
export const policiesFor = ({ policy }: Tried): Readonly<Record<string, string>> => ({
  tried: policy,
  open: OPEN,
});

export const policyFile = (name: string): string => `${name}.policy.json`;

type Grants = NonNullable<Scenario["grants"]>;

const grantsOf = (scenario: Scenario): Grants => ({ agent: {}, ...scenario.grants });

const variable = (grant: string): string => `ATTACK_TOKEN_${grant.toUpperCase().replaceAll("-", "_")}`;

/** The tokens as variables, which the configuration names. */
export const tokenVariables = (tokens: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tokens).map(([grant, token]) => [variable(grant), token]));

/** A token for each grant, new each time. */
export const tokensFor = (scenario: Scenario): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(grantsOf(scenario)).map((grant) => [grant, `${grant}-${randomBytes(32).toString("hex")}`]),
  );

const serverEntry = (reached: Reached, options: Plain): Plain =>
  reached.kind === "http"
    ? { type: "http", url: reached.url, tollgate: options }
    : { command: reached.command, args: reached.args, env: reached.env, tollgate: options };

/** The agent has the names that the user's policy knows; further grants make room for it. */
const namesOf = (name: string, { names }: Tried): { readonly name: string; readonly identity: string } => {
  if (names === undefined) {
    return { name, identity: name };
  }
  if (name === "agent") {
    return { name: names.grant, identity: names.identity };
  }
  return {
    name: name === names.grant ? `scenario-${name}` : name,
    identity: name === names.identity ? `scenario-${name}` : name,
  };
};

/** The gate's configuration for a scenario (docs/configuration.md). */
export const gateConfig = (
  scenario: Scenario,
  tried: Tried,
  servers: Readonly<Record<string, Reached>>,
): Plain => {
  const {
    gateway = {},
    server = {},
    servers: settings = {},
    identity = { kind: "service" },
    timezone,
  } = tried;
  const grants = Object.entries(grantsOf(scenario)).map(([name, grant]) => ({
    variable: variable(name),
    grant,
    names: namesOf(name, tried),
  }));
  return {
    gateway: { ...gateway, host: "127.0.0.1", port: 0 },
    mcpServers: Object.fromEntries(
      Object.entries(servers).map(([name, reached]) => [
        name,
        serverEntry(reached, settings[name] ?? server),
      ]),
    ),
    policies: Object.fromEntries(
      Object.keys(policiesFor(tried)).map((name) => [name, `./${policyFile(name)}`]),
    ),
    identities: Object.fromEntries(grants.map(({ names }) => [names.identity, identity])),
    grants: Object.fromEntries(
      grants.map(({ names, grant, variable: token }) => [
        names.name,
        {
          identity: names.identity,
          server: grant.servers ?? Object.keys(servers),
          policy: grant.policy ?? "tried",
          token: `\${env:${token}}`,
          ...(timezone === undefined ? {} : { timezone }),
        },
      ]),
    ),
  };
};
