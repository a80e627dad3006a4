/** The part of `LIMITS` that is about attacks that are played. */
export const ATTACK_LIMITS = {
  /** A file of a pattern: its page, or its scenario. */
  attack_file_bytes_max: 256 * 1024,
  /** Patterns of a database. */
  attack_patterns_max: 1_000,
  /** A process of a scenario has so long to start … */
  attack_start_ms: 30_000,
  /** … an agent so long to do everything, and waits so long for one answer. */
  attack_agent_ms: 60_000,
  attack_answer_ms: 8_000,
  /** A process that is asked to end is killed after so long. */
  attack_end_ms: 3_000,
  /** Steps that an agent does, those that it repeats and those that it is talked into included. */
  attack_steps_max: 5_000,
  /** Calls that an agent makes at the same time: fewer than a gate takes (`in_flight_calls_max`), or it refuses some for that alone. */
  attack_together_max: 32,
  /** Messages that an agent is talked into by what it read. */
  attack_obeyed_max: 20,
  /** What an agent keeps of one answer, and what a report shows of one message. */
  attack_answer_bytes_max: 64 * 1024 * 1024,
  attack_kept_characters_max: 65_536,
  attack_shown_characters_max: 600,
  /** Scenarios that are played at a time. */
  attack_played_max: 2,
  /** Proposals for one that got through, each of which is played to see whether it holds. */
  attack_proposals_max: 3,
} as const;
