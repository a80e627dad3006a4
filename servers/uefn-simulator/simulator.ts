import { COMMANDS } from "./commands/table.ts";
import { Editor } from "./editor.ts";
import { Faults } from "./faults.ts";
import { Listener } from "./listener.ts";
import type { Options } from "./options.ts";
import { TOOLS } from "./tools/table.ts";

/** An editor with its listener, not yet listening. */
export const simulator = (options: Options): Listener =>
  new Listener({
    editor: new Editor({ commands: COMMANDS, tools: TOOLS, journal: options.journal }),
    commands: [...COMMANDS.keys()],
    faults: new Faults(options.faults),
    shutdown: options.shutdown,
    timeoutMs: options.timeoutMs,
    slowMs: options.slowMs,
    secret: options.secret,
  });
