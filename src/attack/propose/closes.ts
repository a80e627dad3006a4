import { isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { conditionsOf } from "./fitted.ts";
import { objectIn, type Ground } from "./ground.ts";
import type { Wanted } from "./propose.ts";
import { listOf } from "./tighten.ts";

/** Tools of the user's, not those that were attacked, that a default or a class that is refused closes besides. */
export const closedBy = (
  adds: JsonObject,
  wanted: Pick<Wanted, "roles" | "tools">,
  ground: Ground,
): readonly string[] => {
  const tools = objectIn(adds, "tools");
  const classes = refusedClasses(objectIn(adds, "all_tools"));
  const byDefault = member(adds, "default") === "deny";
  const attacked = new Set([...wanted.roles.values()].map(({ tool }) => tool.profile.name));
  return (wanted.tools ?? [])
    .filter(({ profile: { name, class: kind } }) => {
      const isLeft = byDefault && ground.isUnnamed(name) && !Object.hasOwn(tools, name);
      return !attacked.has(name) && !ground.isClosed(name) && (isLeft || classes.has(kind));
    })
    .map(({ profile }) => profile.name);
};

const refusedClasses = (rule: JsonObject): ReadonlySet<Json> =>
  new Set(
    listOf(member(rule, "deny_if")).flatMap((predicate) => {
      const [condition, ...others] = conditionsOf(predicate);
      return condition !== undefined && isJsonObject(condition) && others.length === 0
        ? classesIn(condition)
        : [];
    }),
  );

const classesIn = (condition: JsonObject): readonly Json[] =>
  member(condition, "path") === "tool.class" && member(condition, "op") === "in"
    ? listOf(member(condition, "value"))
    : [];
