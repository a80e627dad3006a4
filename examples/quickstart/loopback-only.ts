// Preloaded into the demonstration server, which would listen on every interface: keeps it on loopback.
import { Server } from "node:net";

const listen: unknown = Reflect.get(Server.prototype, "listen");
const onLoopback = function onLoopback(this: Server, ...given: unknown[]): unknown {
  const [port, ...rest] = given;
  const named = typeof port === "number" || typeof port === "string";
  return typeof listen === "function"
    ? Reflect.apply(listen, this, named ? [port, "127.0.0.1", ...rest] : given)
    : undefined;
};
Object.assign(Server.prototype, { listen: onLoopback });
