import { isDevice } from "../level/start.ts";
import { baseName } from "../level/level.ts";
import type { Handlers, Session } from "../session.ts";
import { CommandError, row, type Fields, type Params } from "../values.ts";

// Tools for Verse. Files are kept in memory; building looks at them and compiles nothing.

const ROOT = "/Island/Content";
const FILES_MAX = 500;
const FILE_CHARACTERS_MAX = 1_000_000;

const device = (name: string, body: readonly string[]): string =>
  [
    "using { /Fortnite.com/Devices }",
    "using { /Verse.org/Simulation }",
    "",
    `${name} := class(creative_device):`,
    ...body.map((line) => `    ${line}`),
    "    OnBegin<override>()<suspends>:void =",
    `        Print("${name} began")`,
    "",
  ].join("\n");

const TEMPLATES: Readonly<Record<string, string>> = {
  elimination_handler: device("elimination_handler", ["var Eliminations : int = 0"]),
  game_manager: device("game_manager", ["var Running : logic = false"]),
  scoring_tracker: device("scoring_tracker", ["var Score : int = 0", "MaxScore : int = 10"]),
};

const template = (name: string): string => {
  const code = row(TEMPLATES, name);
  if (code === undefined) {
    throw new CommandError(`No template ${name}; there are ${Object.keys(TEMPLATES).join(", ")}`);
  }
  return code;
};

const write = (params: Params, { level }: Session, content: string): Fields => {
  const name = params.text("filename");
  const subdir = params.text("subdir", "");
  const path = [ROOT, subdir, name.endsWith(".verse") ? name : `${name}.verse`].filter(Boolean).join("/");
  if (path.split("/").includes("..")) {
    throw new CommandError("The file must be in the project");
  }
  if (level.files.has(path) && !params.flag("overwrite", false)) {
    return { written: false, path, reason: "The file is there already; overwrite is off" };
  }
  if (level.files.size >= FILES_MAX || content.length > FILE_CHARACTERS_MAX) {
    throw new CommandError("The project has no room for this file");
  }
  level.files.set(path, content);
  return { written: true, path, characters: content.length };
};

/** Code that somebody may write to a file. */
const generated = (name: string, body: readonly string[]): Fields => ({ name, code: device(name, body) });

/** What a real compiler would stumble over first: brackets that are not closed. */
const errorsIn = (files: ReadonlyMap<string, string>): readonly Fields[] =>
  [...files].flatMap(([file, code]) => {
    const open = code.split("{").length - code.split("}").length;
    return open === 0 ? [] : [{ file, message: `${String(Math.abs(open))} brackets without a partner` }];
  });

const build = (_params: Params, { level, log }: Session): Fields => {
  const errors = errorsIn(level.files);
  const state = errors.length === 0 ? "succeeded" : "failed";
  level.config.set("last_build", `${state}, ${String(level.files.size)} files`);
  log(`Verse build ${state}`);
  return { success: errors.length === 0, files: level.files.size, errors };
};

const lastBuild = ({ level }: Session): string => level.config.get("last_build") ?? "never built";

export const VERSE_TOOLS = {
  system_build_verse: build,
  system_get_last_build_log: (_params, session) => ({
    log: `Verse: ${lastBuild(session)}`,
    errors: errorsIn(session.level.files),
  }),
  verse_build_status: (_params, session) => ({
    status: lastBuild(session),
    errors: errorsIn(session.level.files).length,
  }),
  verse_write_file: (params, session) => write(params, session, params.text("content")),
  verse_find_project_path: (_params, { level }) => ({ path: ROOT, files: [...level.files.keys()] }),
  verse_patch_errors: (params, { level }) => {
    const file = params.text("verse_file", "");
    const errors = errorsIn(level.files).filter((error) => file === "" || error["file"] === file);
    return { errors, count: errors.length, patched: 0 };
  },
  verse_template_list: () => ({
    templates: Object.keys(TEMPLATES),
    count: Object.keys(TEMPLATES).length,
  }),
  verse_template_get: (params) => ({ name: params.text("name"), code: template(params.text("name")) }),
  verse_template_deploy: (params, session) =>
    write(params, session, params.text("custom_source", "") || template(params.text("name"))),
  verse_gen_game_skeleton: (params) =>
    generated(params.text("device_name", "MyGameManager"), ["var Running : logic = false"]),
  verse_gen_elimination_handler: () => generated("elimination_handler", ["var Eliminations : int = 0"]),
  verse_gen_scoring_tracker: (params) =>
    generated("scoring_tracker", [
      "var Score : int = 0",
      `MaxScore : int = ${String(params.number("max_score", 10))}`,
    ]),
  verse_gen_custom: (params, session) => write(params, session, params.text("content")),
  verse_list_snippets: (_params, { level }) => ({
    snippets: [...level.files.keys()],
    count: level.files.size,
  }),
  verse_gen_device_declarations: (_params, { level }) => {
    const chosen = level.selected.filter(isDevice);
    const lines = chosen.map(({ label, class: name }) => {
      const kind = baseName(name).toLowerCase();
      return `@editable ${label} : ${kind} = ${kind}{}`;
    });
    return { code: lines.join("\n"), count: lines.length };
  },
  api_verse_get_schema: (params, { level }) => {
    const name = params.text("class_name");
    const of = level.actors.filter((actor) =>
      baseName(actor.class).toLowerCase().includes(name.toLowerCase()),
    );
    return {
      class_name: name,
      found: of.length > 0,
      properties: [...new Set(of.flatMap(({ properties }) => Object.keys(properties)))],
    };
  },
  api_verse_refresh_schemas: (_params, { level }) => ({
    classes: new Set(level.actors.map((actor) => actor.class)).size,
  }),
} satisfies Handlers;
