import { Command, CommanderError, Option } from "commander";
import type { OutputConfiguration } from "commander";

import { OperationalError } from "../src/common/operational-error.ts";
import { printLine } from "./support/io.ts";
import type { Io, TerminalStream } from "./support/io.ts";
import { samplings } from "./support/options.ts";
import { refuseUnsupported } from "./support/unsupported-options.ts";

/** The code of the error that ends parsing at --version. */
const versionRequested = "version";

/** Runs one command line and gives its exit code: 0, 1 when it could not be done, 2 when it was not understood. */
export async function run(args: string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(args.map(spellDatabaseOut), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === versionRequested) await printVersion(io);
      return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof OperationalError) return fail(io, error.message, error.exitCode);
    return fail(io, error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

function fail({ stderr }: Io, message: string, exitCode: number): number {
  printLine(stderr, message);
  return exitCode;
}

async function printVersion(io: Io): Promise<void> {
  const version = await import("./commands/version.ts");
  version.printVersion(io);
}

/** Label Studio's short form `-db`, which commander can't declare. */
function spellDatabaseOut(arg: string): string {
  return arg === "-db" || arg.startsWith("-db=") ? arg.replace("-db", "--database") : arg;
}

/**
 * All options belong to the program, since Label Studio takes them before the command as well as after it. A command is
 * loaded when it runs, so that none waits for what only others need.
 */
function createProgram(io: Io): Command {
  const program = new Command("label-studio")
    .description("Atelier: a home for labeling teams. Options may stand before or after the command.")
    .option("--username <email>", "the person a command is about; start and init make them")
    .option("--password <password>", "their password (others on this machine can see it: --password-stdin is safer)")
    .option("--password-stdin", "read the password from standard input")
    .option("--user-token <token>", "start, init: their legacy token, 5 characters or more")
    .option("-p, --port <port>", "start: port to listen on, or the next free one (default: 8080)")
    .option("--internal-host <address>", "start: address to listen on (default: 0.0.0.0)")
    .option("--host <url>", "start: public address, for links; may have a path")
    .option("--init", "start: as init before it serves")
    .option("-q, --quiet", "init: ask nothing")
    .option("-l, --label-config <file>", "init: the project's labeling setup, a file of XML")
    .option("--initial-project-description <text>", "init: the project's description")
    .addOption(
      new Option("--sampling <order>", "init: the order in which tasks are labeled (default: sequential)").choices(
        Object.keys(samplings),
      ),
    )
    .option(
      "--enable-legacy-api-token",
      "start, init: switch legacy tokens on in an organization that this run creates",
    )
    .option("-b, --no-browser", "start: do not open a browser")
    .option("--data-dir <folder>", "where the database and the secret key are kept")
    .option("--database <file>", "SQLite file, also -db (default: label_studio.sqlite3 in the data folder)")
    .option("--log-level <level>", "DEBUG, INFO, WARNING or ERROR (default: INFO)")
    .option("-d, --debug", "the same as --log-level DEBUG")
    .option("--json", "user: as JSON")
    .option("--repair", "check: put wrong counts right")
    .option("--to <place>", "db copy: a postgresql:// address or an SQLite file, empty or not there")
    .option("--export-path <path>", "export: file or folder to write to (default: export in the data folder)")
    .option(
      "--export-serializer-context <json>",
      "export: what is written whole, as `serialization_options` of the API",
    )
    .option("--from <place>", "import-label-studio: Label Studio's SQLite file, or its postgresql:// address")
    .option("--media <folder>", "import-label-studio: its media folder (default: media beside the SQLite file)")
    .option(
      "--secret-key-file <file>",
      "import-label-studio: file with its secret key, such as its .env (default: .env beside the SQLite file)",
    )
    .option("--secret-key <key>", "import-label-studio: its secret key (others on this machine can see it)")
    .option("--dry-run", "import-label-studio: say what would be done, and change nothing")
    .option("--into-existing", "import-label-studio: add to the people and projects that are here")
    .option("--version", "print the version")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputOf(io))
    .showHelpAfterError("(label-studio --help shows what there is)")
    .on("option:version", () => {
      throw new CommanderError(0, versionRequested, "");
    });

  program
    .command("start", { isDefault: true })
    .argument("[project]", "open the browser on the project with this title")
    .description("serve; with --username and --password, make that person first")
    .action(async (title: string | undefined, _, command: Command) => {
      // As the default command, it also runs for words that are no command.
      if (title !== undefined && program.args[0] !== "start") command.error(`error: unknown command '${title}'`);
      const { start } = await import("./commands/start.ts");
      await start(io, program.opts(), title);
    });

  program
    .command("init")
    .argument("[project]", "the title of a project to make")
    .description("make a person and a project without serving; asks for the person when none is given")
    .action(async (title: string | undefined) => {
      const { init } = await import("./commands/init.ts");
      await init(io, program.opts(), title);
    });

  program
    .command("user")
    .description("print a person's record, with the legacy token")
    .action(async () => {
      const { user } = await import("./commands/user.ts");
      await user(io, program.opts());
    });

  program
    .command("reset_password")
    .description("set a person's password, and end their sessions; asks for what is not given")
    .action(async () => {
      const { resetPassword } = await import("./commands/reset-password.ts");
      await resetPassword(io, program.opts());
    });

  program
    .command("check")
    .description("count again what pages show, and tell what is wrong; with --repair, put it right")
    .action(async () => {
      const { check } = await import("./commands/check.ts");
      await check(io, program.opts());
    });

  program
    .command("export")
    .argument("<project id>")
    .argument("<format>", "JSON, JSON_MIN, CSV or TSV")
    .description("write all tasks of a project into a file")
    .action(async (id: string, format: string) => {
      const { exportProject } = await import("./commands/export.ts");
      await exportProject(io, program.opts(), id, format);
    });

  program
    .command("import-label-studio")
    .description("move everything from a Label Studio in, which is only read; run again, it adds what came since")
    .action(async () => {
      const { importLabelStudio } = await import("./commands/import-label-studio.ts");
      await importLabelStudio(io, program.opts());
    });

  program
    .command("backup")
    .argument("<file>")
    .description("write all of the database into a new file, while the server runs")
    .action(async (file: string) => {
      const { backup } = await import("./commands/backup.ts");
      await backup(io, program.opts(), file);
    });

  program
    .command("restore")
    .argument("<file>")
    .description("check a backup, and put it into the configured database, which must be empty")
    .action(async (file: string) => {
      const { restore } = await import("./commands/restore.ts");
      await restore(io, program.opts(), file);
    });

  program
    .command("db")
    .description("the database itself: db copy")
    .command("copy")
    .description("copy the configured database into the empty one that --to names, and compare both")
    .action(async () => {
      const { copy } = await import("./commands/db-copy.ts");
      await copy(io, program.opts());
    });

  refuseUnsupported(program);
  program
    .command("version")
    .description("print the version")
    .action(() => printVersion(io));
  return program;
}

function outputOf({ stdout, stderr }: Io): OutputConfiguration {
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, write) => write(text.replace(/^error: /, "label-studio: error: ")),
    getOutHelpWidth: () => helpWidth(stdout),
    getErrHelpWidth: () => helpWidth(stderr),
  };
}

/** Help is wrapped to the width of a terminal, and to 80 columns elsewhere. */
function helpWidth({ isTTY, columns }: TerminalStream): number {
  return isTTY && columns ? columns : 80;
}
