import { type Test, truth, type Use } from "./operator.ts";

export const compileSchemaTest = ({ value, compileSchema, wrong }: Use): Test | undefined => {
  const check = compileSchema(value);
  if (typeof check !== "function") {
    wrong(`This is no JSON Schema that can be used: ${check.invalid}`);
    return undefined;
  }
  return (found) => {
    try {
      const valid = check(found);
      return valid === "unknown" ? -1 : truth(valid);
    } catch {
      return -1; // A schema that refers to itself without end exhausts the stack: nobody knows, so doubt denies.
    }
  };
};
