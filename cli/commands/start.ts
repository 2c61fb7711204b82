import { once } from "node:events";

import type { Config } from "../../src/config/config.ts";
import { needlessVariables, unknownVariables } from "../../src/config/ignored-variables.ts";
import { createLogger } from "../../src/common/logger.ts";
import { version } from "../../src/common/package.ts";
import { locationName } from "../../src/database/location.ts";
import { thumbnails } from "../../src/images/avatars.ts";
import { mailSettingsError } from "../../src/mail/mailer.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import { assertCanListen, serve } from "../../src/server.ts";
import { addressOf } from "../support/address.ts";
import { CommandError } from "../support/command-error.ts";
import { readConfig, withPassword } from "../support/config.ts";
import { createUser, validateNewUser } from "../support/create-user.ts";
import { initialize, prepareInitialization } from "../support/initialize.ts";
import { effectlessOptions, effectlessProjectOptions } from "../support/effectless-options.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import { newProject, titleFrom } from "../support/new-project.ts";
import type { CommandOptions } from "../support/options.ts";
import { stopSignal } from "../support/stop-signal.ts";
import type { OpenDatabase } from "../support/with-database.ts";
import { withRepositories } from "../support/with-repositories.ts";

/** How long it may take to end after SIGINT or SIGTERM, in milliseconds. */
const shutdownTimeout = 14_000;

/**
 * Serves until SIGINT or SIGTERM, then finishes what is under way. Before that creates the user of --username and, with
 * --init, the project. Throws CommandError, such as for a project that does not exist.
 */
export async function start(io: Io, options: CommandOptions, argument: string | undefined): Promise<void> {
  const print = (text: string) => printLine(io.stdout, text);
  const title = argument === "." ? undefined : titleFrom(argument);
  const projectToCreate = options.init ? await newProject(options, title) : undefined;
  let loaded = await withPassword(io, options, readConfig(io, options));
  const log = createLogger(loaded.log_level, io.stderr);
  const needless = needlessVariables(io.env);
  if (needless.length > 0) log.info({ variables: needless }, "these variables aren't needed here and have no effect");
  for (const { name, similar } of unknownVariables(io.env))
    log.warn(
      { variable: name, similar },
      similar ? `${name} is unknown. Did you mean ${similar}?` : `${name} is unknown`,
    );
  const warn = (message: string) => log.warn(message);
  const effectless = options.init
    ? effectlessProjectOptions(title === undefined ? options : {}, "a project's title")
    : effectlessOptions(options, loaded);
  for (const message of effectless) warn(message);
  const mailError = mailSettingsError(loaded);
  if (mailError !== undefined) warn(mailError);
  await assertCanListen(loaded);
  const initial = { project: projectToCreate, quiet: options.quiet === true, warn };
  const beforeCreation = async () => {
    if (options.init) loaded = await prepareInitialization(io, loaded, initial);
    else if (title !== undefined) throw projectNotFound(title);
    else if (loaded.username) await validateNewUser(loaded);
  };
  let deadline: NodeJS.Timeout | undefined;
  const serveUntilStopped = async (repositories: Repositories, { database, config, isNew, announce }: OpenDatabase) => {
    if (isNew) print("Initializing database..");
    const project = options.init
      ? await initialize(io, repositories, { ...config, username: loaded.username, password: loaded.password }, initial)
      : await findProject(repositories, title);
    if (config.username && !options.init) print(await firstUser(repositories, config));

    const stopping = stopSignal(io, "Stopped.");
    const server = await serve({ config, database, log }, (taken, next) => print(portWarning(taken, next)));
    const address = addressOf(config, server.port);
    const { node } = process.versions;
    log.info({ event: "sys_startup", version, address, database: locationName(config.database), node }, "started");
    announce(address);
    print(`Atelier is running at ${address}\nQuit the server with CONTROL-C.`);
    if (options.browser !== false) await openBrowser(pageOf(project, address));
    await aborted(stopping);
    // What a process manager would kill ends by itself: a statement that is not done by then is rolled back, and was not answered.
    deadline = setTimeout(() => io.exit(0), shutdownTimeout).unref();
    await server.close();
    await thumbnails.close();
    log.info({ event: "sys_shutdown" }, "stopped");
  };
  await withRepositories(io, loaded, serveUntilStopped, { lock: true, isServer: true, beforeCreation }).finally(() =>
    clearTimeout(deadline),
  );
}

async function findProject({ projects }: Repositories, title: string | undefined): Promise<Project | undefined> {
  const project = title === undefined ? undefined : await projects.findByTitle(title);
  if (title === undefined || project) return project;
  throw projectNotFound(title);
}

function projectNotFound(title: string): CommandError {
  return new CommandError(
    `Project "${title}" not found. Did you miss create it first with \`label-studio init ${title}\` ?`,
  );
}

async function firstUser(repositories: Repositories, config: Config): Promise<string> {
  const { user, isNew } = await createUser(repositories, config);
  return isNew ? `User ${user.email} created` : `User ${config.username} already exists`;
}

function portWarning(taken: number, next: number): string {
  return `*** WARNING! ***\n* Port ${taken} is in use.\n* Trying to start at ${next}\n****************`;
}

function pageOf(project: Project | undefined, address: string): string {
  return project ? `${address.replace(/\/?$/, "/")}projects/${project.id}` : address;
}

/** Ignores errors: a machine without a screen has no browser. */
async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import("open");
  const browser = await open(address).catch(() => undefined);
  browser?.on("error", () => undefined);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
