import type { Config } from "../../src/config/config.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import { CommandError } from "./command-error.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import type { NewProject } from "./new-project.ts";
import { resolveUser } from "./resolve-user.ts";

/** The user and the project of `init`, and of `start --init`; resolves to the project. Throws CommandError. */
export async function initialize(
  io: Io,
  repositories: Repositories,
  config: Config,
  { project, quiet }: { project: NewProject | undefined; quiet: boolean },
): Promise<Project | undefined> {
  const user = await resolveUser(io, repositories, config, { quiet });
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
  if (!user || !organization)
    throw new CommandError(`Somebody has to make the project "${project.title}": give --username and --password.`);
  const created = await projects.create(organization.id, user.id, project);
  printLine(stdout, `Project with title "${project.title}" successfully created`);
  return created;
}
