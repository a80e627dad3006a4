import type { JournalFollower } from "../audit/port.ts";
import { CommandFailure } from "../cli/command.ts";
import { JournalGap, openFollower, PositionForeign } from "../store/journal/follower.ts";
import { PlaceUnreadable } from "../store/journal/position-file.ts";

/** A follower whose refusals say what a person can do. */
export const followerOf = (directory: string, positionFile: string, skipGap: boolean): JournalFollower => {
  const follower = told(positionFile, () => openFollower({ directory, positionFile, skipGap }));
  return {
    get interrupted() {
      return follower.interrupted;
    },
    get position() {
      return follower.position;
    },
    next: (max) => told(positionFile, () => follower.next(max)),
    taken: () => told(positionFile, () => follower.taken()),
    [Symbol.dispose]: () => told(positionFile, () => follower[Symbol.dispose]()),
  };
};

const told = <T>(file: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof JournalGap) {
      throw new CommandFailure(`${error.message} To go on with what is left, add --skip-gap.`);
    }
    if (error instanceof PositionForeign || error instanceof PlaceUnreadable) {
      throw new CommandFailure(`${error.message} To begin at the first record, remove ${file}.`);
    }
    if (error instanceof Error && "code" in error && "syscall" in error) {
      throw new CommandFailure(`The position cannot be kept in ${file}: ${String(error.code)}.`);
    }
    throw error;
  }
};
