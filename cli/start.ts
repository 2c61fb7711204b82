import type { Config } from "../src/config/config.ts";
import { createLogger } from "../src/common/logger.ts";
import type { Repositories } from "../src/repositories/index.ts";
import type { Project } from "../src/repositories/labeling/projects.ts";
import { serve } from "../src/server.ts";
import { CommandError } from "./errors.ts";
import { createFirstUser } from "./first-user.ts";
import { configWithPassword, initialize } from "./init.ts";
import { newProject, titleFrom } from "./new-project.ts";
import { withDatabase } from "./open.ts";
import type { CommandOptions } from "./options.ts";

/**
 * Serves until SIGINT or SIGTERM, then finishes what is under way. Before that makes the user that is asked for, and with
 * --init the project, too. Throws CommandError, such as for a project that is not there.
 */
export async function start(options: CommandOptions, argument: string | undefined): Promise<void> {
  const title = argument === "." ? undefined : titleFrom(argument);
  const asked = options.init ? await newProject(options, title) : undefined;
  const config = await configWithPassword(options);
  const log = createLogger(config.log_level);
  await withDatabase(config, async ({ database, repositories, isNew }) => {
    if (isNew) print("Initializing database..");
    const project = options.init
      ? await initialize(repositories, config, { project: asked, quiet: options.quiet === true })
      : await findProject(repositories, title);
    if (config.username && !options.init) print(await firstUser(repositories, config));

    const stopped = stopSignal();
    const server = await serve({ config, database, log }, warnOfPort);
    const address = addressOf(config, server.port);
    print(`Atelier is running at ${address}\nQuit the server with CONTROL-C.`);
    if (options.browser !== false) await openBrowser(pageOf(project, address));
    await stopped;
    await server.close();
  });
}

async function findProject({ projects }: Repositories, title: string | undefined): Promise<Project | undefined> {
  const project = title === undefined ? undefined : await projects.findByTitle(title);
  if (title === undefined || project) return project;
  throw new CommandError(
    `Project "${title}" not found. Did you miss create it first with \`label-studio init ${title}\` ?`,
  );
}

async function firstUser(repositories: Repositories, config: Config): Promise<string> {
  const { user, isNew } = await createFirstUser(repositories, config);
  return isNew ? `User ${user.email} created` : `User ${config.username} already exists`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warnOfPort(taken: number, next: number): void {
  print(`*** WARNING! ***\n* Port ${taken} is in use.\n* Trying to start at ${next}\n****************`);
}

function addressOf({ host, internal_host }: Config, port: number): string {
  if (host) return host.href;
  const name = ["0.0.0.0", "::"].includes(internal_host) ? "localhost" : internal_host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}/`;
}

function pageOf(project: Project | undefined, address: string): string {
  return project ? `${address.replace(/\/?$/, "/")}projects/${project.id}` : address;
}

/** On a machine without a screen nothing opens, and nothing is said. */
async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import("open");
  const browser = await open(address).catch(() => undefined);
  browser?.on("error", () => undefined);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
