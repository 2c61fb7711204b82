import { Command, CommanderError, Option } from "commander";

import { DatabaseError } from "../src/database/error.ts";
import { MigrationError } from "../src/label-studio/move.ts";
import { WrongKeyError } from "../src/security/crypto.ts";
import { ListenError } from "../src/server.ts";
import { ConfigError } from "../src/config/variables.ts";
import { backup } from "./backup.ts";
import { check } from "./check.ts";
import { copy } from "./db.ts";
import { CommandError } from "./errors.ts";
import { exportProject } from "./export.ts";
import { importLabelStudio } from "./import-label-studio.ts";
import { init } from "./init.ts";
import { samplings } from "./new-project.ts";
import { refuseUnsupported } from "./unsupported.ts";
import { resetPassword } from "./reset-password.ts";
import { restore } from "./restore.ts";
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
    if (error instanceof CommandError || isForPeople(error)) return fail(error.message, 1);
    if (error instanceof ConfigError) return fail(error.message, 2);
    return fail(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

/** Errors whose message says what to do, and needs no stack. */
function isForPeople(error: unknown): error is Error {
  return [DatabaseError, ListenError, MigrationError, WrongKeyError].some((kind) => error instanceof kind);
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

/** Label Studio's short form `-db`, which commander can't declare. */
function spellDatabaseOut(arg: string): string {
  return arg === "-db" || arg.startsWith("-db=") ? arg.replace("-db", "--database") : arg;
}

/** All options belong to the program, since Label Studio takes them before the command as well as after it. */
function createProgram(): Command {
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
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "label-studio: error: ")) })
    .showHelpAfterError("(label-studio --help shows what there is)")
    .on("option:version", () => {
      printVersion();
      throw new CommanderError(0, "version", "");
    });

  program
    .command("start", { isDefault: true })
    .argument("[project]", "open the browser on the project with this title")
    .description("serve; with --username and --password, make that person first")
    .action(async (title: string | undefined, _, command: Command) => {
      // As the default command it is also given what is no command at all.
      if (title !== undefined && program.args[0] !== "start") command.error(`error: unknown command '${title}'`);
      await start(program.opts(), title);
    });

  program
    .command("init")
    .argument("[project]", "the title of a project to make")
    .description("make a person and a project without serving; asks for the person when none is given")
    .action((title: string | undefined) => init(program.opts(), title));

  program
    .command("user")
    .description("print a person's record, with the legacy token")
    .action(() => user(program.opts()));

  program
    .command("reset_password")
    .description("set a person's password, and end their sessions; asks for what is not given")
    .action(() => resetPassword(program.opts()));

  program
    .command("check")
    .description("count again what pages show, and tell what is wrong; with --repair, put it right")
    .action(() => check(program.opts()));

  program
    .command("export")
    .argument("<project id>")
    .argument("<format>", "JSON, JSON_MIN, CSV or TSV")
    .description("write all tasks of a project into a file")
    .action((id: string, format: string) => exportProject(program.opts(), id, format));

  program
    .command("import-label-studio")
    .description("move everything from a Label Studio in, which is only read; run again, it adds what came since")
    .action(() => importLabelStudio(program.opts()));

  program
    .command("backup")
    .argument("<file>")
    .description("write all of the database into a new file, while the server runs")
    .action((file: string) => backup(program.opts(), file));

  program
    .command("restore")
    .argument("<file>")
    .description("check a backup, and put it into the configured database, which must be empty")
    .action((file: string) => restore(program.opts(), file));

  program
    .command("db")
    .description("the database itself: db copy")
    .command("copy")
    .description("copy the configured database into the empty one that --to names, and compare both")
    .action(() => copy(program.opts()));

  refuseUnsupported(program);
  program.command("version").description("print the version").action(printVersion);
  return program;
}
