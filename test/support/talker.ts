import { join } from "node:path";
import { ROOT, tokenOf } from "./gateway.ts";

const TALKER = join(ROOT, "test", "fixtures", "upstreams", "talker.ts");

/** A server that says much, as an entry of a configuration. */
export const talker = (journal: string, options: object = {}): object => ({
  command: process.execPath,
  args: [TALKER, journal],
  tollgate: options,
});

const OPEN = { version: "1", default: "allow", tools: { "*": { arguments: "any" } } };

/** A configuration of these servers, with grants that may use all of them. */
export const talkerConfig = (
  servers: Readonly<Record<string, object>>,
  policies: object = { open: OPEN },
  grants: Readonly<Record<string, object>> = { live: {} },
): object => ({
  mcpServers: servers,
  policies,
  identities: { agent: {} },
  grants: Object.fromEntries(
    Object.entries(grants).map(([name, own]) => [
      name,
      {
        identity: "agent",
        server: Object.keys(servers),
        policy: Object.keys(policies)[0],
        token: tokenOf(name),
        ...own,
      },
    ]),
  ),
});
