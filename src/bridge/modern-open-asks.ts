import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { RequestFrame } from "../wire/frame.ts";

/** What may be kept at a time, of all calls of one channel. */
export class Room {
  #left: number;

  constructor(charactersMax: number) {
    this.#left = charactersMax;
  }

  take(characters: number): boolean {
    const fits = characters <= this.#left;
    this.#left -= fits ? characters : 0;
    return fits;
  }

  giveBack(characters: number): void {
    this.#left += characters;
  }
}

interface Open {
  readonly frame: RequestFrame;
  readonly characters: number;
}

/** The requests of a server, in one call, that have no answer yet. */
export class OpenAsks {
  readonly #room: Room;
  readonly #byKey = new Map<string, Open>();

  constructor(room: Room) {
    this.#room = room;
  }

  get size(): number {
    return this.#byKey.size;
  }

  all(): [key: string, frame: RequestFrame][] {
    return [...this.#byKey].map(([key, { frame }]) => [key, frame]);
  }

  /** `false` where there are too many, or no room for it. One that is there stays. */
  add(key: string, frame: RequestFrame): boolean {
    if (this.#byKey.has(key)) {
      return true;
    }
    const characters = writeJson(frame.value).length;
    if (this.#byKey.size >= LIMITS.held_asks_max || !this.#room.take(characters)) {
      return false;
    }
    this.#byKey.set(key, { frame, characters });
    return true;
  }

  delete(key: string): boolean {
    this.#room.giveBack(this.#byKey.get(key)?.characters ?? 0);
    return this.#byKey.delete(key);
  }

  clear(): void {
    for (const key of this.#byKey.keys()) {
      this.delete(key);
    }
  }
}
