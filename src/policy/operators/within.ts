import { compileEntries, MISFIT, type Test, truth, type Use, type Verdict } from "./operator.ts";
import { decodeEscapes } from "./percent.ts";

/** What needs resolving: an empty or dotted segment, or a slash at the end. */
const UNRESOLVED = /\/(?:\.{0,2}(?:\/|$))/;

/** An absolute path without `.`, `..`, `//` and a trailing `/`; `..` above the root stays at the root. */
const resolvePath = (path: string): string => {
  if (!UNRESOLVED.test(path)) {
    return path;
  }
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") {
      segments.pop();
    } else if (segment !== "" && segment !== ".") {
      segments.push(segment);
    }
  }
  return `/${segments.join("/")}`;
};

interface Directory {
  readonly path: string;
  /** What paths inside it begin with. */
  readonly inside: string;
}

const readDirectory = (text: string): Directory | string => {
  if (!text.startsWith("/")) {
    return "A directory is absolute: it begins with /.";
  }
  if (/[%\\\0]/.test(text)) {
    return "A directory has no %, backslash or NUL.";
  }
  if (/\/\.{1,2}(?:\/|$)/.test(text)) {
    return "A directory has no . or .. segments.";
  }
  const path = resolvePath(text);
  return { path, inside: path === "/" ? "/" : `${path}/` };
};

const isSlashed = (text: string): boolean => text.startsWith("/");
const isHostile = (text: string): boolean => text.includes("\\") || text.includes("\0");

const judge = (written: string, holds: (path: string) => boolean): Verdict => {
  if (isHostile(written)) {
    return -1;
  }
  const decoded = decodeEscapes(written);
  if (decoded === undefined) {
    // What begins with an escape may be absolute once decoded.
    return isSlashed(written) || written.startsWith("%") ? -1 : MISFIT;
  }
  if (isHostile(decoded)) {
    return -1;
  }
  if (!isSlashed(written)) {
    return isSlashed(decoded) ? -1 : MISFIT;
  }
  const answer = holds(resolvePath(written));
  return decoded === written || holds(resolvePath(decoded)) === answer ? truth(answer) : -1;
};

export const compileWithin = (use: Use): Test | undefined => {
  const directories = compileEntries(use, "absolute directories", readDirectory);
  if (directories === undefined) {
    return undefined;
  }
  const holds = (path: string): boolean =>
    directories.some((directory) => path === directory.path || path.startsWith(directory.inside));
  return (found) => (typeof found === "string" ? judge(found, holds) : MISFIT);
};
