import type { KindFacts } from "../src/store/sqlite/kinds.ts";

/** Calls as a large installation makes them: few grants make most of them, few tools get most, refusals are rare. */

const SERVERS = 12;
const GRANTS = 200;
const IDENTITIES = 80;
const TOOLS_OF_A_SERVER = 24;
/** Resources are asked for by their URI: names that are not few. */
const URIS = 200_000;
const DAYS = 90;
export const END_MS = Date.UTC(2026, 8, 1);

export const grantName = (rank: number): string => `team-${String(rank)}-agents`;
export const serverName = (index: number): string => `server-${String(index)}`;
export const identityName = (index: number): string => `identity-${String(index)}`;
export const toolName = (server: number, rank: number): string => `s${String(server)}_tool_${String(rank)}`;

/** How many of 10,000 refusals have a code. */
const CODES: readonly (readonly [code: string, share: number])[] = [
  ["hidden", 3_400],
  ["limit_exceeded", 2_900],
  ["deny_if_matched", 1_500],
  ["require_failed", 1_200],
  ["invalid_arguments", 600],
  ["default_deny", 300],
  ["unknown_tool", 95],
  ["frozen", 4],
  ["audit_unavailable", 1],
];

const OUTCOMES: readonly (readonly [outcome: string, share: number])[] = [
  ["ok", 9_550],
  ["tool_error", 330],
  ["rpc_error", 60],
  ["timeout", 25],
  ["cancelled", 20],
  ["unavailable", 14],
  ["unknown", 1],
];

/** Of 10,000 calls. */
const REFUSED = 350;
const OBSERVED = 20;
const RESOURCES = 300;

export interface Call {
  readonly facts: KindFacts;
  readonly at: number;
  readonly method: string;
  readonly tool: string;
  readonly durationMs: number;
  readonly resultBytes: number;
}

/** Xorshift32: the same calls in every run. */
const randomOf = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};

/** Rank r with a probability of about 1/r. */
const zipf = (random: (below: number) => number, ranks: number): number =>
  Math.min(ranks - 1, Math.floor(Math.exp((random(1_000_000) / 1_000_000) * Math.log(ranks + 1))) - 1);

const chosen = (table: readonly (readonly [string, number])[], ticket: number): string => {
  let left = ticket;
  for (const [name, share] of table) {
    left -= share;
    if (left < 0) {
      return name;
    }
  }
  return table[0]?.[0] ?? "";
};

/** Makes the calls of one installation; the last `open` of `total` have no outcome yet. */
export const callsOf = (total: number, open = 40, endMs = END_MS) => {
  const random = randomOf(20_260_901);
  const step = (DAYS * 86_400_000) / total;
  let number = 0;
  return (): Call => {
    number += 1;
    const grant = zipf(random, GRANTS);
    // A grant has three servers; those of one and the next overlap.
    const server = (grant + zipf(random, 3)) % SERVERS;
    const refused = random(10_000) < REFUSED;
    const observed = refused && random(350) < OBSERVED;
    const forwarded = !refused || observed;
    const resource = random(10_000) < RESOURCES;
    const [code, outcome] = [chosen(CODES, random(10_000)), chosen(OUTCOMES, random(10_000))];
    return {
      facts: {
        server: serverName(server),
        grant: grantName(grant),
        identity: identityName(grant % IDENTITIES),
        decision: refused ? "deny" : "allow",
        code: refused ? code : "allowed",
        enforced: !observed,
        outcome: forwarded && number <= total - open ? outcome : null,
      },
      at: Math.floor(endMs - (total - number) * step + random(Math.ceil(step))),
      method: resource ? "resources/read" : "tools/call",
      tool: resource
        ? `file:///srv/documents/${String(random(URIS))}.md`
        : toolName(server, zipf(random, TOOLS_OF_A_SERVER)),
      durationMs: 1 + random(4_000) / 10,
      resultBytes: 100 + random(20_000),
    };
  };
};
