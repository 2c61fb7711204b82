import { readConfig, withPassword } from "../support/config.ts";
import { initialize } from "../support/initialize.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import { newProject, titleFrom } from "../support/new-project.ts";
import type { CommandOptions } from "../support/options.ts";
import { withRepositories } from "../support/with-repositories.ts";

/** Creates a user and a project, without serving. Those that exist are named, and stay as they are. */
export async function init(io: Io, options: CommandOptions, argument: string | undefined): Promise<void> {
  const title = titleFrom(argument);
  const project = await newProject(options, title);
  const loaded = await withPassword(io, options, readConfig(io, options));

  await withRepositories(io, loaded, async (repositories, { config, isNew }) => {
    if (isNew) printLine(io.stdout, "Initializing database..");
    await initialize(io, repositories, config, { project, quiet: options.quiet === true });
  });
  if (title !== undefined) printLine(io.stdout, `Start the server: label-studio start ${quoteForShell(title)}`);
}

function quoteForShell(title: string): string {
  return /^[\p{L}\p{N}._/-]+$/u.test(title) ? title : JSON.stringify(title);
}
