import { z } from "zod";
import { patternShape } from "../catalogue/attacks/pattern.ts";
import { scenarioShape } from "./scenario.ts";

/** JSON Schemas 2020-12 for editors, by the name of their file in `schema/`. */
export const attackSchemas = (): Readonly<Record<string, object>> => ({
  "attack-pattern.schema.json": {
    ...z.toJSONSchema(patternShape, { target: "draft-2020-12", io: "input" }),
    title: "pattern.json",
  },
  "attack-scenario.schema.json": {
    ...z.toJSONSchema(scenarioShape, { target: "draft-2020-12", io: "input" }),
    title: "scenario.json",
  },
});
