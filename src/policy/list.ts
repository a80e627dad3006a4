import type { PolicySet } from "./compile.ts";
import { coversTemplate } from "./pattern-overlap.ts";
import { compileFirstMatch } from "./patterns.ts";
import type { PolicyDocument } from "./read-document.ts";
import type { Resolve } from "./resolve.ts";
import { isPlainUri } from "./uri.ts";

/** What lists show, and what beside tools a policy admits (docs/policy.md). */

type Admits = (text: string) => boolean;

/** The answers of one compiled policy. */
export interface Listing {
  readonly shows: Admits;
  readonly hides: Admits;
  readonly resource: Admits;
  readonly template: Admits;
  readonly prompt: Admits;
  readonly method: Admits;
}

/** A list of patterns; one that is not written stands for all or nothing, as the default says. */
const admitsBy = (patterns: readonly string[] | undefined, byDefault: boolean): Admits => {
  if (patterns === undefined) {
    return () => byDefault;
  }
  const find = compileFirstMatch(patterns);
  return (text) => find(text) !== -1;
};

/** A template's expressions, each of which may become any text (RFC 6570 section 2). */
const EXPRESSION = /\{[^{}]*\}/g;

/** What an expression becomes while dot segments are looked for: a character that no URI has. */
const ANYTHING = "\uE000";

const admitsTemplateBy = (patterns: readonly string[] | undefined, byDefault: boolean): Admits => {
  const covers = patterns?.map((pattern) => coversTemplate(pattern));
  return (template) => {
    const parts = template.split(EXPRESSION);
    const open = parts.some((part) => part.includes("{") || part.includes("}"));
    return !open && isPlainUri(parts.join(ANYTHING)) && (covers?.some((holds) => holds(parts)) ?? byDefault);
  };
};

export const compileListing = (document: PolicyDocument, resolve: Resolve): Listing => {
  const byDefault = document.admitsByDefault;
  const resource = admitsBy(document.resources, byDefault);
  return {
    shows: (name) => {
      const { hidden, plan } = resolve(name);
      return hidden === undefined && plan !== undefined;
    },
    hides: (name) => resolve(name).hidden !== undefined,
    resource: (uri) => isPlainUri(uri) && resource(uri),
    template: admitsTemplateBy(document.resources, byDefault),
    prompt: admitsBy(document.prompts, byDefault),
    method: admitsBy(document.methods, byDefault),
  };
};

const asks =
  (question: keyof Listing) =>
  (policy: PolicySet | undefined, text: string): boolean =>
    policy?.rules?.listing[question](text) ?? false;

/** Whether `tools/list` shows a tool: a key matches it or the default allows, and it is not hidden. Without a policy, nothing. */
export const showsTool = asks("shows");
/** Whether `hide` matches a tool. */
export const isHidden = asks("hides");
/** Whether a resource may be read; a URI that could mean another one (dot segments, escapes of `.`, `/`, `\`) never. */
export const admitsResource = asks("resource");
/** The same for a resource template: every `{…}` counts as `*`, so a pattern must admit all that it can become. */
export const admitsTemplate = asks("template");
export const admitsPrompt = asks("prompt");
/** Whether a method beyond the core protocol and its official extensions is forwarded. */
export const admitsMethod = asks("method");
