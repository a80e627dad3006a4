// An agent that does what a scenario says and nothing else, as a process of its own: `main.js JOB`. It says what came
// of each message, one JSON document a line.
import { createInterface } from "node:readline";
import { isAgentJob, readJob } from "../jobs.ts";
import { Agent } from "./agent.ts";

const job = readJob(isAgentJob);
const lines = createInterface({ input: process.stdin });
const heard = lines[Symbol.asyncIterator]();
const say = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

const agent = new Agent(job, {
  answered: (answered) => say(answered),
  command: async (command) => {
    say({ kind: "command", command });
    await heard.next();
  },
});
await agent.run();
say({ kind: "end" });
lines.close();
process.stdin.destroy();
