// A page with the prices, or without where the other server does not answer.
import { createServer } from "node:http";

const prices = async () => {
  try {
    const answer = await fetch(process.env.API);
    return Object.entries(await answer.json()).map(([what, price]) => `${what} ${price}`);
  } catch {
    return ["No prices today."];
  }
};

createServer(async (request, response) => {
  console.log(`${request.method} ${request.url}`);
  if (request.url === "/health") {
    response.end("well\n");
    return;
  }
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(`<h1>Shop</h1>\n${(await prices()).map((line) => `<p>${line}</p>`).join("\n")}\n`);
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("the shop window is up"));
