import { describe } from "vitest";
import { countersConformance } from "../store/conformance/counters.ts";
import { createCounters } from "./counters.ts";

describe("counters in memory", () => {
  countersConformance(createCounters);
});
