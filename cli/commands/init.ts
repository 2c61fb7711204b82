import type { Repositories } from "../../src/repositories/index.ts";
import { readConfig, withPassword } from "../support/config.ts";
import { effectlessProjectOptions } from "../support/effectless-options.ts";
import { initialize, prepareInitialization } from "../support/initialize.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import { newProject, titleFrom } from "../support/new-project.ts";
import type { CommandOptions } from "../support/options.ts";
import type { OpenDatabase } from "../support/with-database.ts";
import { withRepositories } from "../support/with-repositories.ts";

/** Creates a user and a project, without serving. Those that exist are named, and stay as they are. */
export async function init(io: Io, options: CommandOptions, argument: string | undefined): Promise<void> {
  const title = titleFrom(argument);
  const project = await newProject(options, title);
  let loaded = await withPassword(io, options, readConfig(io, options));
  const warn = (message: string) => printLine(io.stderr, `Note: ${message}.`);
  const initial = { project, quiet: options.quiet === true, warn };
  if (title === undefined) for (const message of effectlessProjectOptions(options, "a project's title")) warn(message);
  const beforeCreation = async () => void (loaded = await prepareInitialization(io, loaded, initial));
  const work = async (repositories: Repositories, { config, isNew }: OpenDatabase) => {
    if (isNew) printLine(io.stdout, "Initializing database..");
    const { username, password } = loaded;
    await initialize(io, repositories, { ...config, username, password }, initial);
  };
  await withRepositories(io, loaded, work, { beforeCreation });
  if (title !== undefined) printLine(io.stdout, `Start the server: label-studio start ${quoteForShell(title)}`);
}

function quoteForShell(title: string): string {
  return /^[\p{L}\p{N}._/-]+$/u.test(title) ? title : JSON.stringify(title);
}
