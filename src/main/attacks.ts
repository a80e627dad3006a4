import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AttackList, AttackOptions, AttackResult } from "../catalogue/attacks/result.ts";
import { readAttacks } from "../attack/read.ts";
import { runAttacks } from "../attack/run.ts";
import { CommandFailure } from "../cli/command.ts";
import { grantNamed } from "../cli/grant-show.ts";
import type { TriedGrant, Where } from "../cli/ports.ts";
import type { Config } from "../config.ts";
import type { GrantView } from "../control/contract.ts";
import { configurationAt } from "./configuration.ts";
import { openGrants } from "./grants.ts";
import type { From } from "./ports.ts";

const ATTACKS = join(dirname(fileURLToPath(new URL("../../package.json", import.meta.url))), "attacks");

export const listAttacks = (): AttackList => readAttacks(ATTACKS);

export const playAttacks = async ({ names, ...options }: AttackOptions): Promise<readonly AttackResult[]> => {
  expectTemporary(tmpdir());
  const { attacks } = readAttacks(ATTACKS);
  return runAttacks(
    names.length === 0 ? attacks : attacks.filter(({ name }) => names.includes(name)),
    options,
  );
};

/** Everything that is played has its folder there. */
const expectTemporary = (folder: string): void => {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new CommandFailure(
      `Attacks are played in ${folder}, where nothing can be written. TMPDIR can name another folder.`,
    );
  }
};

/** What judges the calls of a grant, declared or made by a command: its policy, and the settings around it. */
export const triedGrant = async (from: From, where: Where, name: string): Promise<TriedGrant> => {
  const { loaded } = configurationAt(from, where);
  if (loaded === undefined) {
    throw new CommandFailure("The configuration is not valid; run: tollgate doctor");
  }
  const { config } = loaded;
  const grant = config.grants.find((one) => one.name === name) ?? (await madeGrant(from, where, name));
  const policy = config.policies.find((one) => one.name === grant.policy);
  if (policy === undefined) {
    throw new CommandFailure(`The grant ${JSON.stringify(name)} has no policy, so everything is denied.`);
  }
  const { kind = "person", groups = [] } = config.identities.find((one) => one.name === grant.identity) ?? {};
  return {
    policy: policy.name,
    servers: grant.servers,
    tried: {
      policy: policy.text,
      gateway: { limits: { ...config.gateway.limits }, allowedOrigins: [...config.gateway.allowedOrigins] },
      servers: Object.fromEntries(config.servers.map(({ spec }) => [spec.name, settingsOf(spec)])),
      names: { grant: name, identity: grant.identity },
      identity: { kind, groups: [...groups] },
      timezone: grant.timezone,
    },
  };
};

const madeGrant = async (from: From, where: Where, name: string): Promise<GrantView> => {
  await using commands = await openGrants(from, where);
  return grantNamed((await commands.list()).grants, name);
};

const settingsOf = ({
  callMs,
  callMaxMs,
  resultBytes,
}: Config["servers"][number]["spec"]): Record<string, unknown> => ({
  callMs,
  callMaxMs,
  resultBytes,
});
