// Whether the ports of the quick start are free.
import { connect } from "node:net";
import { CONFIG_NAME, type Places } from "./places.ts";

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

const listOf = (ports: readonly number[]): string =>
  ports.length === 1
    ? `Port ${ports.join()} is taken.`
    : `Ports ${ports.slice(0, -1).join(", ")} and ${String(ports.at(-1))} are taken.`;

/** Throws in words where one of them is taken. `gatewayPort`: 0 is any free one. */
export const requireFree = async (
  { simulatorPort, orchestratorPort }: Places,
  gatewayPort: number,
): Promise<void> => {
  const beside = [simulatorPort, orchestratorPort];
  const wanted = [gatewayPort, ...beside].filter((port) => port !== 0);
  const seen = await Promise.all(wanted.map(accepts));
  const taken = wanted.filter((_, index) => seen[index]);
  if (taken.length === 0) {
    return;
  }
  // Who has both of these is hardly somebody else.
  const advice = beside.every((port) => taken.includes(port))
    ? "It seems that another npm start runs here: stop it first."
    : `Stop what listens there, or change ${taken.length === 1 ? "it" : "them"} in ${CONFIG_NAME}.`;
  throw new Error(`${listOf(taken)} ${advice}`);
};
