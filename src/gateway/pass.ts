import { methodRow, type MethodKind } from "../wire/methods.ts";
import type { Aimed } from "./ask.ts";
import type { Link } from "./link.ts";

/** A list or a piece of housekeeping: nothing the policy judges before it is sent. Only `pass` makes one. */
class PassedValue {
  readonly #passed = true;
  readonly asked: Aimed;
  readonly link: Link;
  readonly definition = undefined;

  constructor(asked: Aimed, link: Link) {
    this.asked = asked;
    this.link = link;
  }

  static is(value: object): value is PassedValue {
    return #passed in value && value.#passed;
  }
}
export type Passed = PassedValue;

export const isPassed = (value: object): value is Passed => PassedValue.is(value);

/** Beside the lists, kinds whose requests reach no tool, resource or prompt. */
const PASSING: ReadonlySet<MethodKind> = new Set<MethodKind>(["list", "housekeeping"]);

export const pass = (asked: Aimed, link: Link): Passed | undefined => {
  const row = methodRow(asked.frame.method);
  return row !== undefined && (row.list !== undefined || PASSING.has(row.kind))
    ? new PassedValue(asked, link)
    : undefined;
};
