// A development server for the orchestrator to start and stop: answers every request on the given port.
import { createServer } from "node:http";

const port = Number(process.argv[2]);
createServer((request, response) => {
  response.end(`${request.url} on port ${port}\n`);
}).listen(port, "127.0.0.1");
