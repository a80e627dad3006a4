/** One server that can be started: as configured, or as found. */
export interface ServerSpec {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Beside what the orchestrator itself has. */
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | undefined;
  readonly healthPath: string | undefined;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Whether `start_all_servers` starts it. */
  readonly withAll: boolean;
}

/** Also the host of `log://{server_id}`, so nothing in it needs to be escaped. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/u;
