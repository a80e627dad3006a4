import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure } from "../upstream/port.ts";

const LATE = new UpstreamFailure("timeout", "The server keeps the others waiting.");

/**
 * What several servers give, where one that hangs must not keep the others' clients waiting: once one has answered, the
 * rest have a little while. Who is late is a failure here; what it was asked goes on.
 */
export const soon = async <T>(all: readonly Promise<T>[]): Promise<readonly PromiseSettledResult<T>[]> => {
  let timer: NodeJS.Timeout | undefined;
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => {}); // Perhaps nobody waits for it.
  const begin = (): void => {
    timer ??= setTimeout(() => reject(LATE), LIMITS.laggard_ms_max);
  };
  all.forEach((each) => void each.then(begin, () => {}));
  try {
    return await Promise.allSettled(all.map((each) => Promise.race([each, late])));
  } finally {
    clearTimeout(timer);
  }
};
