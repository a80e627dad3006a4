import { setImmediate as nextTurn } from "node:timers/promises";
import type { SecretFinder } from "../audit/secret.ts";
import { LIMITS } from "../base/limits.ts";

/**
 * Looking through a long text holds the event loop. So one is looked through in each of its turns, the others wait, and
 * what else came is attended to in between. What would have waited too long is given up: nobody waits for it any more.
 */
export const findInTurns = (find: SecretFinder): SecretFinder => {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async (text: string, came: number): ReturnType<SecretFinder> => {
    if (performance.now() - came > LIMITS.redact_ms_max) {
      throw new Error("others took too long");
    }
    await nextTurn();
    return find(text);
  };
  return (text) => {
    if (text.length <= LIMITS.redact_at_once_characters_max) {
      return find(text);
    }
    const came = performance.now();
    const found = last.then(() => inTurn(text, came));
    last = found.catch(() => {});
    return found;
  };
};
