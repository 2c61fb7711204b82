import { Command, CommanderError } from "commander";

import { ConfigError } from "../src/config.ts";
import { DatabaseError } from "../src/database.ts";
import { CommandError } from "./errors.ts";
import type { CommandOptions } from "./options.ts";
import { resetPassword } from "./reset-password.ts";
import { start } from "./start.ts";
import { user } from "./user.ts";
import { printVersion } from "./version.ts";

/** Runs one command line and gives its exit code: 0, 1 when it could not be done, 2 when it was not understood. */
export async function run(args: string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args.map(spellDatabaseOut), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandError || error instanceof DatabaseError) return fail(error.message, 1);
    if (error instanceof ConfigError) return fail(error.message, 2);
    return fail(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

/** Label Studio's short form `-db`, which commander can't declare. */
function spellDatabaseOut(arg: string): string {
  return arg === "-db" || arg.startsWith("-db=") ? arg.replace("-db", "--database") : arg;
}

function createProgram(): Command {
  const program = new Command("label-studio")
    .description("Atelier: a home for labeling teams. Options may stand before or after the command.")
    .option("--username <email>", "the person a command is about")
    .option("--password <password>", "their password (others on this machine can see it: --password-stdin is safer)")
    .option("--password-stdin", "read the password from standard input")
    .option("--data-dir <folder>", "where the database and the secret key are kept")
    .option("--database <file>", "SQLite file, also -db (default: label_studio.sqlite3 in the data folder)")
    .option("--log-level <level>", "DEBUG, INFO, WARNING or ERROR")
    .option("-d, --debug", "the same as --log-level DEBUG")
    .option("--version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "label-studio: error: ")) })
    .showHelpAfterError("(label-studio --help shows what there is)")
    .on("option:version", () => {
      printVersion();
      throw new CommanderError(0, "version", "");
    });

  const options = (command: Command): CommandOptions => command.optsWithGlobals();

  program
    .command("start", { isDefault: true })
    .description("serve; with --username and --password, make that person first")
    .option("--user-token <token>", "their legacy token: 5 characters or more")
    .option("-p, --port <port>", "port to listen on; the next free one when it is taken (default: 8080)")
    .option("--internal-host <address>", "address to listen on (default: 0.0.0.0)")
    .option("--host <url>", "public address, for links; may have a path")
    .option("--enable-legacy-api-token", "switch legacy tokens on in an organization that this run creates")
    .option("-b, --no-browser", "do not open a browser")
    .allowExcessArguments()
    .action(async (_, command: Command) => {
      // As the default command it is also given what is no command at all.
      if (command.args[0]) command.error(`error: unknown command '${command.args[0]}'`);
      await start(options(command));
    });

  program
    .command("user")
    .description("print a person's record, with the legacy token")
    .option("--json", "as JSON")
    .action(async (_, command: Command) => user(options(command)));

  program
    .command("reset_password")
    .description("set a person's password, and end their sessions; asks for what is not given")
    .action(async (_, command: Command) => resetPassword(options(command)));

  program.command("version").description("print the version").action(printVersion);
  return program;
}
