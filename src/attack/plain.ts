import type { Plain } from "../catalogue/attacks/result.ts";

export type { Plain } from "../catalogue/attacks/result.ts";

export const isRecord = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
