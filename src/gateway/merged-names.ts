/** What stands between a server's name and its own name for a tool or prompt, where all servers are one. */
const SEPARATOR = "__";

/** A server's name has no underscore, so the first separator always is the one that was put there. */
export const mergedName = (server: string, name: string): string => `${server}${SEPARATOR}${name}`;

/** The two parts; `undefined` for a name without a prefix, which is nobody's. */
export const splitName = (merged: string): { readonly server: string; readonly name: string } | undefined => {
  const at = merged.indexOf(SEPARATOR);
  return at <= 0 ? undefined : { server: merged.slice(0, at), name: merged.slice(at + SEPARATOR.length) };
};
