/** One step of an RFC 6901 pointer, escaped (section 3). */
export const pointerToken = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** The steps of a pointer, unescaped (section 4: `~1` before `~0`); `undefined` for what is no pointer. */
export const pointerSteps = (pointer: string): readonly string[] | undefined => {
  if (pointer === "") {
    return [];
  }
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) {
    return undefined;
  }
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
};
