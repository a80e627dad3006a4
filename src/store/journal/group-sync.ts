/**
 * Lets many waiting callers share one sync, one at a time. A caller is served by the first sync that starts after it
 * came; a lone one starts it at once and does not wait for company.
 */
export const createGroupSync = (sync: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    next = undefined;
    running = sync().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    // Asked first: between the end of one and the start of the next, none runs, and who comes then starts none beside it.
    if (next !== undefined) {
      return next;
    }
    if (running === undefined) {
      return start();
    }
    next = running.then(start, start);
    return next;
  };
};
