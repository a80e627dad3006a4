import type { ServerEntry } from "./entry.ts";
import type { StoredOverride } from "./port.ts";
import { worseClass, worseRisk, type Evidence, type ToolClass, type ToolProfile } from "./verdict.ts";

/** Overrides by server, then by the server's own name for the tool. */
export type Overrides = ReadonlyMap<string, ReadonlyMap<string, StoredOverride>>;

export const overridesBy = (list: readonly StoredOverride[]): Overrides => {
  const servers = new Map<string, Map<string, StoredOverride>>();
  for (const override of list) {
    const tools = servers.get(override.server) ?? new Map<string, StoredOverride>();
    servers.set(override.server, tools.set(override.tool, override));
  }
  return servers;
};

/** What is told by people holds for the definition they saw. */
type Seen = Pick<StoredOverride, "digest" | "class">;

/**
 * The class of a tool whose definition has this digest: of another definition than was seen, the more dangerous one.
 * Without a verdict of the catalogue on that one there is none: unknown denies.
 */
export const overriddenClass = <C extends ToolClass | undefined>(
  fresh: C,
  digest: string,
  override: Seen,
): ToolClass | C => {
  if (override.digest === digest) {
    return override.class;
  }
  return fresh === undefined ? fresh : worseClass(override.class, fresh);
};

/**
 * What is believed of a tool that people may have overridden: `profile` is the catalogue's own verdict on the definition
 * with this digest. The evidence says which of the two counts, and why. Pure.
 */
export const overridden = <Profile extends ToolProfile>(
  profile: Profile,
  digest: string,
  override: StoredOverride | undefined,
): Profile => {
  if (override === undefined) {
    return profile;
  }
  const risk = override.risk ?? profile.risk;
  const holds = override.digest === digest;
  return {
    ...profile,
    class: overriddenClass(profile.class, digest, override),
    risk: holds ? risk : worseRisk(risk, profile.risk),
    confidence: holds ? 1 : profile.confidence,
    evidence: [evidenceOf(override, holds), ...profile.evidence],
  };
};

/** A server's entry with what people say of its tools. */
export const overriddenEntry = (entry: ServerEntry, overrides: Overrides): ServerEntry => {
  const own = overrides.get(entry.name);
  return own === undefined
    ? entry
    : { ...entry, tools: entry.tools.map((tool) => overridden(tool, tool.digest, own.get(tool.name))) };
};

const FOUND_CHARACTERS_MAX = 80;

const evidenceOf = (override: StoredOverride, holds: boolean): Evidence => {
  const { class: is, risk, by, at, reason } = override;
  const when = new Date(at).toISOString();
  const verdict = risk === undefined ? is : `${is}, ${risk}`;
  const changed = "The definition has changed since: the more dangerous verdict counts.";
  return {
    from: "override",
    found: Array.from(reason).slice(0, FOUND_CHARACTERS_MAX).join(""),
    says: `${by} said ${verdict} at ${when}.${holds ? "" : ` ${changed}`} Reason: ${reason}`,
  };
};
