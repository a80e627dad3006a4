/** Where the time comes from. Everything that decides takes one, so that tests and `policy eval` hold the hands. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. May go back. */
  readonly now: () => number;
}

export const systemClock: Clock = { now: () => Date.now() };
