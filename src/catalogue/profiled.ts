import type { JsonObject } from "../base/json-value.ts";
import { profileTool } from "./profile.ts";
import type { ToolProfile } from "./verdict.ts";

/** What the catalogue says of a tool, found when first asked for: most tools are never asked about. */
export const profiled = (tool: JsonObject): (() => ToolProfile) => {
  let profile: ToolProfile | undefined;
  return () => (profile ??= profileTool(tool));
};
