/** A sentence in which names and paths stand out. What is `code` may be the server's text: whoever shows it escapes it. */
export type Prose = readonly (string | { readonly code: string })[];

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly Prose[]): Prose =>
  items.flatMap((item, at) => {
    const before = at === 0 ? "" : at === items.length - 1 ? " and " : ", ";
    return before === "" ? [...item] : [before, ...item];
  });

export const code = (text: string): Prose => [{ code: text }];

/** `1 tool`, `1,200 tools`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** Digits in groups of three, the same in every locale. */
export const grouped = (value: number): string =>
  String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
