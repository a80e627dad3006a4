import type { Config } from "../config.ts";
import type { Declared } from "../control/commands/grant-desk.ts";

/** What a configuration says that commands may refer to. */
export const declaredIn = (config: Config): Declared => ({
  grants: config.grants,
  identities: config.identities,
  servers: config.servers.map(({ spec }) => spec.name),
  policies: config.policies.map(({ name }) => name),
});
