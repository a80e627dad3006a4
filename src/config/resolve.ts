import { LIMITS } from "../base/limits.ts";
import type { Path, Report } from "./problems.ts";

/** Where values outside the file come from. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file whose path is relative to the configuration. Throws where there is none. */
  readonly readFile: (path: string) => string;
}

/**
 * Replaces `${env:NAME}` and `${file:PATH}` in a string. What is missing is reported, and the string is then
 * `undefined`. Any other `${…}` is reported too: a client's file may hold its client's own, which nobody would replace.
 */
export interface Resolver {
  readonly text: (written: string, path: Path) => string | undefined;
  /** As `text`, and what came from outside is a secret: masked wherever a server echoes it. */
  readonly secret: (written: string, path: Path) => string | undefined;
  /** As `text`, for a program's arguments, in which `${NAME}` may be meant for a shell. */
  readonly argument: (written: string, path: Path) => string | undefined;
  /** Keeps a value that is a secret as a whole. */
  readonly keepSecret: (value: string) => void;
  readonly secrets: () => readonly string[];
}

interface Manner {
  readonly secret?: boolean;
  readonly shell?: boolean;
}

const REFERENCE = /\$\{([^}:]*)(?::([^}]*))?(\}?)/g;

export const resolver = (outside: Outside, report: Report): Resolver => {
  const secrets = new Set<string>();
  const keepSecret = (value: string): void => {
    if (value.length >= LIMITS.masked_characters_min) {
      secrets.add(value);
    }
  };
  const resolve = (written: string, path: Path, manner: Manner): string | undefined => {
    let whole = true;
    const text = written.replace(
      REFERENCE,
      (reference: string, kind: string, name: string | undefined, end: string) => {
        if (manner.shell === true && !CLIENT_KINDS.has(kind)) {
          return reference;
        }
        const found = lookUp(outside, kind, end === "" ? "" : (name ?? ""));
        if ("problem" in found) {
          report(path, `${reference}: ${found.problem}`);
          whole = false;
          return "";
        }
        if (manner.secret === true) {
          keepSecret(found.value);
        }
        return found.value;
      },
    );
    return whole ? text : undefined;
  };
  return {
    text: (written, path) => resolve(written, path, {}),
    secret: (written, path) => resolve(written, path, { secret: true }),
    argument: (written, path) => resolve(written, path, { shell: true }),
    keepSecret,
    secrets: () => [...secrets],
  };
};

/** Ours, and those of MCP clients, which no shell has. */
const CLIENT_KINDS = new Set(["env", "file", "input", "command", "config", "workspaceFolder", "userHome"]);

type Found = { readonly value: string } | { readonly problem: string };

const lookUp = (outside: Outside, kind: string, name: string): Found => {
  if (kind !== "env" && kind !== "file") {
    return { problem: "only ${env:NAME} and ${file:PATH} are known here" };
  }
  if (name === "") {
    return { problem: kind === "env" ? "write it as ${env:NAME}" : "write it as ${file:PATH}" };
  }
  return kind === "env" ? fromEnvironment(outside, name) : fromFile(outside, name);
};

const fromEnvironment = (outside: Outside, name: string): Found => {
  const value = Object.hasOwn(outside.env, name) ? outside.env[name] : undefined;
  return value === undefined ? { problem: `the environment variable ${name} is not set` } : { value };
};

const fromFile = (outside: Outside, path: string): Found => {
  try {
    // Editors and `echo` end a file with a line feed that is no part of the secret.
    return { value: outside.readFile(path).replace(/\r?\n$/, "") };
  } catch {
    return { problem: `the file ${path} cannot be read` };
  }
};
