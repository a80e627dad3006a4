import { detached } from "../../base/text.ts";
import type { ArgumentFact, Evidence, Power } from "../verdict.ts";

/**
 * Keeps one of equal things: of fifty thousand tools most arguments and reasons are the same few. What it keeps has
 * memory of its own, so that no file is held in memory by a word of it.
 */
export class Pool {
  readonly #texts = new Map<string, string>();
  readonly #evidence = new Map<string, Evidence>();
  readonly #facts = new Map<string, ArgumentFact>();
  readonly #powers = new Map<string, readonly Power[]>();

  text(text: string): string {
    const own = this.#texts.get(text) ?? detached(text);
    this.#texts.set(own, own);
    return own;
  }

  evidence({ from, found, says }: Evidence): Evidence {
    return one(this.#evidence, JSON.stringify([from, found, says]), () => ({
      from,
      found: this.text(found),
      says: this.text(says),
    }));
  }

  fact({ path, types, required, kinds }: ArgumentFact): ArgumentFact {
    return one(this.#facts, JSON.stringify([path, types, required, kinds]), () => ({
      path: this.text(path),
      types: types.map((type) => this.text(type)),
      required,
      kinds,
    }));
  }

  powers(powers: readonly Power[]): readonly Power[] {
    return one(this.#powers, powers.join(" "), () => powers);
  }
}

const one = <Thing>(known: Map<string, Thing>, key: string, make: () => Thing): Thing => {
  const there = known.get(key);
  if (there !== undefined) {
    return there;
  }
  const made = make();
  known.set(key, made);
  return made;
};
