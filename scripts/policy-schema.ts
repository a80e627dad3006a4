import { writeFileSync } from "node:fs";
import { POLICY_SCHEMA } from "../src/policy/policy-schema.ts";

/** Writes schema/policy.schema.json from the schema that ships in the code. Run it, then `npm run format`. */
writeFileSync(
  new URL("../schema/policy.schema.json", import.meta.url),
  `${JSON.stringify(POLICY_SCHEMA, null, 2)}\n`,
);
