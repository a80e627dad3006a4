/** Names of grants, identities and policies: they go into records, counters and command lines. */
export const isName = (text: string): boolean => /^[^\s\p{C}]{1,128}$/u.test(text);

export const NAME_RULE = "a name is 1 to 128 characters without spaces";

/** Names of servers: they are a part of a path (docs/configuration.md). */
export const isServerName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);

export const SERVER_NAME_RULE =
  "a server's name is at most 32 lower-case letters, digits and hyphens, and begins with no hyphen";
