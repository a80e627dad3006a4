import { RPC } from "../base/rpc-codes.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { errorFrame, resultFrame } from "../wire/make-frame.ts";

/** The gate's answer to what a server asks and no client can be asked: it is there, and it offers nothing else. */
export const ownAnswer = ({ id, method }: RequestFrame): ResponseFrame =>
  method === "ping"
    ? resultFrame(id, {})
    : errorFrame(id, RPC.methodNotFound, "The client does not offer this.");
