import type { Config, LoadedConfig } from "../../src/config/config.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import { CommandError } from "./command-error.ts";
import { effectlessUserOptions } from "./effectless-options.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import type { NewProject } from "./new-project.ts";
import { resolveFirstUser, resolveUser } from "./resolve-user.ts";

interface Initial {
  project: NewProject | undefined;
  quiet: boolean;
  /** Told what has no effect. */
  warn: (message: string) => void;
}

/**
 * Refuses what `initialize` would refuse where nobody is yet, so that no database is made for it. Asks for what is missing:
 * resolves to the configuration with the answers. Throws CommandError.
 */
export async function prepareInitialization(
  io: Io,
  config: LoadedConfig,
  { project, quiet }: Initial,
): Promise<LoadedConfig> {
  const credentials = await resolveFirstUser(io, config, { quiet });
  if (project && !credentials.username) throw somebodyNeeded(project);
  return { ...config, ...credentials };
}

/** The user and the project of `init`, and of `start --init`; resolves to the project. Throws CommandError. */
export async function initialize(
  io: Io,
  repositories: Repositories,
  config: Config,
  { project, quiet, warn }: Initial,
): Promise<Project | undefined> {
  const user = await resolveUser(io, repositories, config, { quiet });
  if (!user) for (const message of effectlessUserOptions(config)) warn(message);
  const created = project && (await findOrCreate(io, repositories, project, user));
  printLine(io.stdout, "\nLabel Studio has been successfully initialized.");
  return created;
}

async function findOrCreate(
  { stdout }: Io,
  { projects, organizations }: Repositories,
  project: NewProject,
  user: { id: number } | undefined,
): Promise<Project> {
  const existing = await projects.findByTitle(project.title);
  if (existing) {
    printLine(stdout, `Project "${project.title}" already exists`);
    return existing;
  }
  const organization = await organizations.first();
  if (!user || !organization) throw somebodyNeeded(project);
  const created = await projects.create(organization.id, user.id, project);
  printLine(stdout, `Project with title "${project.title}" successfully created`);
  return created;
}

function somebodyNeeded({ title }: NewProject): CommandError {
  return new CommandError(`Somebody has to own the project "${title}": give --username and --password.`);
}
