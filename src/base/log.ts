/** Where the operator is told. Fields are for programs; nothing secret goes in. */
export interface Log {
  readonly info: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
}
