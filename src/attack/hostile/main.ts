// A server as hostile or careless as a scenario wants it, as a process of its own: `main.js JOB`. It writes down what
// comes to it. It ends when its standard input does.
import { isServerJob, readJob } from "../jobs.ts";
import { Hostile } from "./hostile.ts";
import { serveHttp } from "./http.ts";
import { serveStdio } from "./stdio.ts";

const job = readJob(isServerJob);
const hostile = new Hostile(job.server, job.journal);
hostile.readEnvironment(process.env);
if (job.server.face === "stdio") {
  serveStdio(hostile);
} else {
  const port = await serveHttp(hostile);
  process.stdout.write(`hostile server on ${String(port)}\n`);
  process.stdin.on("end", () => process.exit(0)).resume();
}
