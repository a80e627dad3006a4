import type { JsonObject } from "../../../base/json-value.ts";
import type { ServerEntry } from "../../entry.ts";
import { recommend } from "../../recommend/recommend.ts";
import { writeCommented } from "../../recommend/write-policy.ts";

/** The recommended policy of a server, as a page shows it. */
export interface ShownPolicy {
  /** The policy with comments and proposals, for people. */
  readonly commented: string;
  readonly policy: JsonObject;
}

export const recommendedPolicy = ({ tools }: ServerEntry): ShownPolicy => {
  const made = recommend(tools, { preset: "recommended" });
  return { commented: writeCommented(made), policy: made.policy };
};
