import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LIMITS } from "../../base/limits.ts";
import { numberOf, textOf } from "./database.ts";

/** What many records have alike: all that is searched for, but time and tool. */
export interface KindFacts {
  readonly server: string | null;
  readonly grant: string | null;
  readonly identity: string | null;
  readonly decision: string;
  readonly code: string;
  readonly enforced: boolean;
  /** `null` while none is written. */
  readonly outcome: string | null;
}

/** The numbers of kinds, as they are written. To be used within one transaction; `forget` where that fails. */
export class Kinds {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #facts: StatementSync;
  readonly #known = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare("SELECT kind FROM kinds WHERE facts = ?");
    this.#insert = database.prepare(
      `INSERT INTO kinds (facts, server, grant_name, identity, decision, code, enforced, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING kind`,
    );
    this.#facts = database.prepare("SELECT * FROM kinds WHERE kind = ?");
  }

  numberOf(facts: KindFacts): number {
    const { server, grant, identity, decision, code, enforced, outcome } = facts;
    const values = [server, grant, identity, decision, code, enforced ? 1 : 0, outcome];
    const key = JSON.stringify(values);
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const row = this.#find.get(key) ?? this.#insert.get(key, ...values);
    return this.#remember(key, numberOf(row?.["kind"]) ?? 0);
  }

  /** The kind of a record of another kind once it has this outcome. */
  ended(kind: number, outcome: string | null): number {
    const key = `${String(kind)} ${String(outcome)}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const row = this.#facts.get(kind) ?? {};
    const text = (name: string): string | null => textOf(row[name]) ?? null;
    const ended = this.numberOf({
      server: text("server"),
      grant: text("grant_name"),
      identity: text("identity"),
      decision: text("decision") ?? "",
      code: text("code") ?? "",
      enforced: row["enforced"] === 1,
      outcome,
    });
    return this.#remember(key, ended);
  }

  /** A number that was given out in a transaction that failed may become another kind's. */
  forget(): void {
    this.#known.clear();
  }

  #remember(key: string, kind: number): number {
    if (this.#known.size >= LIMITS.search_kinds_kept) {
      this.#known.clear();
    }
    this.#known.set(key, kind);
    return kind;
  }
}
