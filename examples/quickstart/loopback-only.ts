// Preloaded into the demonstration server, which would listen on every interface: keeps it on loopback.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function onLoopback(this: Server, ...given: unknown[]): Server {
  const [port, ...rest] = given;
  const args = typeof port === "number" || typeof port === "string" ? [port, "127.0.0.1", ...rest] : given;
  return Reflect.apply(listen, this, args) as Server;
} as typeof listen;
