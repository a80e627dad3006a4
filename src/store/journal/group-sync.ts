import type { fsync } from "node:fs";

/**
 * Brings appends to stable storage, many waiting ones with one sync, in the thread pool: the event loop never waits.
 * An append is covered by the first sync that starts after it. A lone one does not wait for company.
 */
export const createGroupSync = (
  file: () => number,
  sync: typeof fsync,
): { readonly settled: () => Promise<void> } => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = new Promise<void>((resolve, reject) => {
      sync(file(), (error) => (error === null ? resolve() : reject(error)));
    }).finally(() => {
      running = undefined;
    });
    return running;
  };
  const settled = (): Promise<void> => {
    if (running === undefined) {
      return start();
    }
    next ??= running.then(startNext, startNext);
    return next;
  };
  const startNext = (): Promise<void> => {
    next = undefined;
    return start();
  };
  return { settled };
};
