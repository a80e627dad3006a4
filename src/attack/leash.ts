// Loaded before the gate of a scenario (`node --import`): it ends in order when its standard input does, so that it does not
// outlive the process that plays the scenario, however that ends.
import { isMainThread } from "node:worker_threads";

// Threads of the gate load this too, and have an input of their own.
if (isMainThread) {
  process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
}
