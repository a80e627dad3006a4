// Prices as JSON.
import { createServer } from "node:http";

const PRICES = { apples: "1.20", pears: "1.50" };

createServer((request, response) => {
  console.log(`${request.method} ${request.url}`);
  if (request.url === "/health") {
    response.end("well\n");
    return;
  }
  response.setHeader("content-type", "application/json");
  response.end(`${JSON.stringify(PRICES)}\n`);
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("the prices are up"));
