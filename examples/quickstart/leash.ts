// Loaded before each process of the quick start (`node --import`): it ends in order when its standard input does. That is
// a pipe from the quick start, so that none of them outlives it, however it ends.
import { isMainThread } from "node:worker_threads";

// Threads of the gateway load this too, and have an input of their own.
if (isMainThread) {
  process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
  // A command that is done ends, although this waits.
  process.stdin.unref();
}
