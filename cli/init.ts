import { loadConfig } from "../src/config/config.ts";
import type { Config } from "../src/config/config.ts";
import type { Repositories } from "../src/repositories/index.ts";
import type { Project } from "../src/repositories/labeling/projects.ts";
import { CommandError } from "./errors.ts";
import { initialUser } from "./initial-user.ts";
import { newProject, titleFrom } from "./new-project.ts";
import type { NewProject } from "./new-project.ts";
import { withRepositories } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { readPassword } from "./terminal.ts";

/** Makes a user and a project, without serving. What is there already is told, and stays as it is. */
export async function init(options: CommandOptions, argument: string | undefined): Promise<void> {
  const title = titleFrom(argument);
  const project = await newProject(options, title);
  const config = await configWithPassword(options);

  await withRepositories(config, async (repositories, { isNew }) => {
    if (isNew) print("Initializing database..");
    await initialize(repositories, config, { project, quiet: options.quiet === true });
  });
  if (title !== undefined) print(`Start the server: label-studio start ${quoted(title)}`);
}

/** The configuration, with the password of standard input where that is asked for. */
export async function configWithPassword(options: CommandOptions): Promise<Config> {
  const config = loadConfig(configOptions(options));
  if (!options.passwordStdin) return config;
  if (!config.username) throw new CommandError("--password-stdin takes all of standard input: give --username too.");
  return { ...config, password: await readPassword() };
}

/** The user and the project of `init`, and of `start --init`; gives the project. Throws CommandError. */
export async function initialize(
  repositories: Repositories,
  config: Config,
  { project, quiet }: { project: NewProject | undefined; quiet: boolean },
): Promise<Project | undefined> {
  const user = await initialUser(repositories, config, { quiet, tell: print });
  const made = project && (await findOrCreate(repositories, project, user));
  print("\nLabel Studio has been successfully initialized.");
  return made;
}

async function findOrCreate(
  { projects, organizations }: Repositories,
  project: NewProject,
  user: { id: number } | undefined,
): Promise<Project> {
  const existing = await projects.findByTitle(project.title);
  if (existing) {
    print(`Project "${project.title}" already exists`);
    return existing;
  }
  const organization = await organizations.first();
  if (!user || !organization)
    throw new CommandError(`Somebody has to make the project "${project.title}": give --username and --password.`);
  const made = await projects.create(organization.id, user.id, project);
  print(`Project with title "${project.title}" successfully created`);
  return made;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** As a shell takes it for one word. */
function quoted(title: string): string {
  return /^[\p{L}\p{N}._/-]+$/u.test(title) ? title : JSON.stringify(title);
}
