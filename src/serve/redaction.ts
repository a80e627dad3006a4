import type { KeyObject } from "node:crypto";
import { maskName, maskSubject } from "../audit/mask-arguments.ts";
import { keyedArgs, keyedHash, type Known, maskedArgs } from "../audit/redact.ts";
import type { SecretFinder } from "../audit/secret.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { AuditConfig } from "../config/audit.ts";
import type { Redaction } from "../gateway/gate.ts";
import { within } from "../gateway/within.ts";
import { createMasker, type Masker } from "../upstream/mask.ts";

interface RedactionParts {
  readonly key: KeyObject;
  /** As configured now. */
  readonly audit: () => AuditConfig;
  /** Hides what the gate holds now. */
  readonly masker: () => Masker;
  readonly find: SecretFinder;
  readonly log: Log;
}

/** What the record keeps, by the configuration of now. Where looking for secrets fails, names of arguments alone. */
export const createRedaction = ({ key, audit, masker, find, log }: RedactionParts): Redaction => {
  const subject = remembered((text, { maskText }) => maskSubject(text, maskText));
  const name = remembered((text, { maskText }) => maskName(text, maskText));
  const toolsFor = (token: string | undefined) => ({
    key,
    known: (text: string) => withToken(masker(), token, text),
    name,
  });
  return {
    argNames: (args, { token }) => keyedArgs(args, "keys", toolsFor(token)),
    args: (args, { policy, token, secretNames }) => {
      const { argumentsByPolicy, arguments: mode } = audit();
      const chosen =
        policy !== undefined && Object.hasOwn(argumentsByPolicy, policy) ? argumentsByPolicy[policy] : mode;
      const tools = toolsFor(token);
      if (chosen !== "masked") {
        return keyedArgs(args, chosen ?? "keys", tools);
      }
      return Promise.resolve(
        within(maskedArgs(args, { ...tools, find, secretNames: secretNames() }), LIMITS.redact_ms_max),
      ).catch((error: unknown) => {
        // What it is about is in the arguments: it is not told.
        log.warn("secrets in arguments could not be looked for, only names are kept", {
          reason: error instanceof Error ? error.name : "unknown",
        });
        return keyedArgs(args, "keys", tools);
      });
    },
    name: (text) => subject(text, masker()),
    session: (id) => keyedHash(id, key),
  };
};

/** Of a minted token the gate has the hash alone, but the token that is shown with a call is known while it lasts. */
const withToken = (masker: Masker, token: string | undefined, text: string): Masker => {
  if (token === undefined || !text.includes(token)) {
    return masker;
  }
  const own = createMasker([token]);
  return {
    maskText: (value) => masker.maskText(own.maskText(value)),
    maskJson: (value) => masker.maskJson(own.maskJson(value)),
  };
};

const REMEMBERED = 1_000;
const REMEMBERED_CHARACTERS = 128;

/** Names come again and again. What was found out holds as long as the gate's own secrets are the same. */
const remembered = (
  mask: (text: string, masker: Known) => string,
): ((text: string, masker: Known) => string) => {
  let known: { readonly masker: Known; readonly names: Map<string, string> } | undefined;
  return (text, masker) => {
    if (known?.masker !== masker || known.names.size >= REMEMBERED) {
      known = { masker, names: new Map() };
    }
    const before = known.names.get(text);
    if (before !== undefined) {
      return before;
    }
    const masked = mask(text, masker);
    if (text.length <= REMEMBERED_CHARACTERS) {
      known.names.set(text, masked);
    }
    return masked;
  };
};
