import { basename } from "node:path";
import { isSecretName } from "../audit/secret-names.ts";
import { LIMITS } from "../base/limits.ts";
import type { ServerTransport } from "../config/servers.ts";

/** A command with the secrets that stand in it. */
export interface ReadCommand {
  /** As it was typed, each of them as `…`. */
  readonly shown: string;
  /** Long enough to be masked. */
  readonly secrets: readonly string[];
}

/** A whole word, and such a thing inside of one, as `sh -c` and `env -S` take it. */
const WHOLE = /^(-{0,2})([A-Za-z_][\w.-]*)=(.+)$/su;
const INSIDE = /((?:^|\s)-{0,2})([A-Za-z_][\w.-]*)=("[^"]*"|'[^']*'|\S+)/gu;
const QUOTES = /^(["'])(.*)\1$/su;

/** Variables before a command, or of `env`, are mostly secrets; elsewhere the name tells. */
export const readCommand = (words: readonly string[]): ReadCommand => {
  const secrets: string[] = [];
  const first = words.findIndex((word) => !WHOLE.test(word));
  const ofEnv = basename(words[first] ?? "") === "env";
  const shown = words.map((word, at) => {
    if (isValueOf(words[at - 1], word)) {
      secrets.push(word);
      return "…";
    }
    const hide = (before: string, name: string, value: string): string => {
      const bare = value.replace(QUOTES, "$2");
      if (!isSecret(name, bare, ofEnv || at < first || first === -1)) {
        return `${before}${name}=${value}`;
      }
      secrets.push(bare);
      return `${before}${name}=…`;
    };
    const [, before = "", name, value] = isScript(words[at - 1]) ? [] : (WHOLE.exec(word) ?? []);
    return name === undefined || value === undefined
      ? word.replaceAll(INSIDE, (_, ...[lead, inner, text]: string[]) =>
          hide(lead ?? "", inner ?? "", text ?? ""),
        )
      : hide(before, name, value);
  });
  return { shown: shown.join(" "), secrets: secrets.filter(isLong) };
};

/** `--api-key VALUE`: the value of an option stands in the word after it. */
const isValueOf = (option = "", word: string): boolean =>
  !word.startsWith("-") && isSecretName(/^--?(?!no-)([A-Za-z][\w.-]*)$/u.exec(option)?.[1] ?? "");

/** What follows is a command line in one word. */
const isScript = (option = ""): boolean => /^-[a-z]*[cS]$/u.test(option);

/** Short values of a variable whose name says nothing would be found in texts that hold no secret. */
const isSecret = (name: string, value: string, isVariable: boolean): boolean =>
  isSecretName(name) || (isVariable && value.length >= LIMITS.masked_characters_min);

const isLong = (value: string): boolean => value.length >= LIMITS.masked_named_characters_min;

/** Secrets that stand in a server's entry as they are: variables, headers and arguments with the name of one. */
export const secretsIn = (transport: ServerTransport): readonly string[] => {
  const isStdio = transport.kind === "stdio";
  const named = Object.entries(isStdio ? transport.env : transport.headers)
    .filter(([name]) => isSecretName(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/u, "")]);
  const typed = isStdio ? readCommand([transport.command, ...transport.args]).secrets : [];
  return [...named, ...typed].filter(isLong);
};
