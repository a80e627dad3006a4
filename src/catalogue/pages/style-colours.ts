import { RISKS, TOOL_CLASSES } from "../verdict.ts";

/** The colours of the pages, light and dark. Text and labels on every ground: at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const LIGHT = {
  ground: "#fcfbf8",
  raised: "#f4f1ea",
  line: "#dcd7cb",
  edge: "#8c867a",
  text: "#201e1a",
  quiet: "#5f5a51",
  link: "#175e51",
  read: "#2a6b60",
  write: "#2659ad",
  execute: "#78389f",
  destructive: "#b02318",
  financial: "#835400",
} as const;

export const DARK = {
  ground: "#161715",
  raised: "#1f211e",
  line: "#363932",
  edge: "#7d8177",
  text: "#e8e5dd",
  quiet: "#aaa79e",
  link: "#8ed1be",
  read: "#6cc1b0",
  write: "#8ab3f4",
  execute: "#cb9fec",
  destructive: "#ff8f83",
  financial: "#e0b352",
} as const satisfies Record<keyof typeof LIGHT, string>;

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value};`)
    .join("");

const RISK_COLOURS = { low: "quiet", medium: "text", high: "financial", critical: "destructive" } as const;

/** The reader's system chooses, or the reader. */
export const COLOUR_STYLE = `:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
:root[data-theme=light]{color-scheme:light;${variables(LIGHT)}}
:root[data-theme=dark]{color-scheme:dark;${variables(DARK)}}
${TOOL_CLASSES.map((name) => `.${name}{--own:var(--${name})}`).join("\n")}
${RISKS.map((name) => `.risk.${name}{--own:var(--${RISK_COLOURS[name]})}`).join("\n")}
`;
