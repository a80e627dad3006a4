import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import { nearest } from "../base/nearest.ts";
import { isRecord } from "../attack/plain.ts";
import type { AttackList, AttackOptions, AttackResult } from "../catalogue/attacks/result.ts";
import { readAttacks } from "../attack/read.ts";
import { runAttacks } from "../attack/run.ts";
import { CommandFailure } from "../cli/command.ts";
import type { TriedGrant, Where } from "../cli/ports.ts";
import type { Config } from "../config.ts";
import { configurationAt } from "./configuration.ts";
import type { From } from "./ports.ts";

const ATTACKS = join(dirname(fileURLToPath(new URL("../../package.json", import.meta.url))), "attacks");

export const listAttacks = (): AttackList => readAttacks(ATTACKS);

export const playAttacks = async ({ names, ...options }: AttackOptions): Promise<readonly AttackResult[]> => {
  const { attacks } = readAttacks(ATTACKS);
  return runAttacks(
    names.length === 0 ? attacks : attacks.filter(({ name }) => names.includes(name)),
    options,
  );
};

/** What judges the calls of a grant of the configuration: its policy, and the settings around it. */
export const triedGrant = (from: From, where: Where, name: string): TriedGrant => {
  const { loaded } = configurationAt(from, where);
  if (loaded === undefined) {
    throw new CommandFailure("The configuration is not valid; run: tollgate doctor");
  }
  const { config } = loaded;
  const grant = config.grants.find((one) => one.name === name);
  if (grant === undefined) {
    const near = nearest(
      name,
      config.grants.map((one) => one.name),
    );
    const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
    throw new CommandFailure(`The configuration has no grant ${JSON.stringify(name)}.${meant}`);
  }
  const policy = config.policies.find((one) => one.name === grant.policy);
  if (policy === undefined) {
    throw new CommandFailure(`The grant ${JSON.stringify(name)} has no policy, so everything is denied.`);
  }
  const document = toPlain(readJson(policy.text));
  const { kind = "person", groups = [] } = config.identities.find((one) => one.name === grant.identity) ?? {};
  return {
    text: policy.text,
    policy: policy.name,
    servers: grant.servers,
    tried: {
      policy: isRecord(document) ? document : {},
      gateway: { limits: { ...config.gateway.limits }, allowedOrigins: [...config.gateway.allowedOrigins] },
      server: settingsOf(config, grant.servers),
      identity: { kind, groups: [...groups] },
      timezone: grant.timezone,
    },
  };
};

/** Of the grant's first server. */
const settingsOf = ({ servers }: Config, names: readonly string[]): Record<string, unknown> => {
  const spec = servers.find((one) => one.spec.name === names[0])?.spec;
  if (spec === undefined) {
    return {};
  }
  const { callMs, callMaxMs, resultBytes } = spec;
  return { callMs, callMaxMs, resultBytes };
};
