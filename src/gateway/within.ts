/** Waits for a promise this long and no longer; what is no promise is there already and costs no timer. */
export const within = <T>(value: T | Promise<T>, waitMs: number): T | Promise<T> =>
  value instanceof Promise ? race(value, waitMs) : value;

const race = async <T>(value: Promise<T>, waitMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(waitMs)} ms`)), waitMs);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
};
