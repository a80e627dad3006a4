/**
 * What `tool.class` may be, the least dangerous first. The catalogue gives a tool its class; the list stands here, so
 * that the checker knows it.
 */
export const TOOL_CLASSES = ["read", "write", "execute", "destructive", "financial"] as const;
export type ToolClass = (typeof TOOL_CLASSES)[number];
