import type { Scenario, Sign, SimpleStep, Step } from "../scenario.ts";
import { withTexts } from "./rename.ts";

/** Which server of a scenario stands for which of the user's. */
export interface Home {
  readonly old: string;
  readonly to: string;
}

/** The same scenario with a server under another name, as a policy may ask for it. */
export const rehomed = (scenario: Scenario, { old, to }: Home): Scenario => {
  const texts = withTexts(scenario, (text) =>
    text
      .replaceAll(`{{url:${old}}}`, `{{url:${to}}}`)
      .replaceAll(`/mcp/${old}`, `/mcp/${to}`)
      .replaceAll(`CALL ${old}/`, `CALL ${to}/`),
  );
  const name = (one: string): string => (one === old ? to : one);
  const on = <Part extends { readonly on?: string | undefined }>(part: Part): Part =>
    part.on === undefined ? part : { ...part, on: name(part.on) };
  const simple = (step: SimpleStep): SimpleStep => ("command" in step ? step : on(step));
  const step = (one: Step): Step =>
    "repeat" in one ? { ...one, steps: one.steps.map(simple) } : simple(one);
  const sign = (one: Sign): Sign => (one.server === undefined ? one : { ...one, server: name(one.server) });
  const { grants } = texts;
  return {
    ...texts,
    servers: Object.fromEntries(Object.entries(texts.servers).map(([key, server]) => [name(key), server])),
    ...(grants === undefined
      ? {}
      : {
          grants: Object.fromEntries(
            Object.entries(grants).map(([key, grant]) => [
              key,
              grant.servers === undefined ? grant : { ...grant, servers: grant.servers.map(name) },
            ]),
          ),
        }),
    steps: texts.steps.map(step),
    through: texts.through.map(sign),
  };
};
