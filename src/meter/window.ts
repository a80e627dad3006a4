/** Whose counter a limit is. */
export const SCOPES = ["grant", "identity", "session", "server", "global"] as const;
export type Scope = (typeof SCOPES)[number];

export type Align = "sliding" | "calendar";

/** Length of a window: whole seconds, or one of the two that have no fixed length. */
export type Window = { readonly seconds: number } | "month" | "lifetime";
