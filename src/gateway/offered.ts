import { overriddenClass } from "../catalogue/override.ts";
import { withClass } from "../catalogue/tool-facts.ts";
import type { Offered } from "../policy/types.ts";
import type { Aimed } from "./ask.ts";
import type { Definition } from "./definitions.ts";

/**
 * What the server offers under this name, for the policy: by its newest definition, and by what people say of it in the
 * snapshot that judges this call. Only the former is kept with the definition.
 */
export const offeredTo = (
  { identified: { snapshot }, server }: Aimed,
  definition: Definition | undefined,
): Offered => {
  if (definition === undefined) {
    return "unknown";
  }
  const facts = definition.facts();
  const override = snapshot.overrides.get(server.name)?.get(definition.name);
  return override === undefined
    ? facts
    : withClass(facts, overriddenClass(facts.class, definition.digest, override));
};
