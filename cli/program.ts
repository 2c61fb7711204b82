import { Argument, Command, CommanderError } from "commander";
import type { OutputConfiguration } from "commander";

import { OperationalError } from "../src/common/operational-error.ts";
import { declareOptions, helpOfOptions } from "./support/command-line-options.ts";
import { printLine } from "./support/io.ts";
import type { Io, TerminalStream } from "./support/io.ts";
import type { CommandOptions } from "./support/options.ts";
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

async function printVersion(io: Io, options: CommandOptions = {}): Promise<void> {
  const version = await import("./commands/version.ts");
  version.printVersion(io, options);
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
    .option("--version", "print the version")
    .exitOverride()
    .configureHelp(helpOfOptions)
    .configureOutput(outputOf(io))
    .showHelpAfterError("(label-studio --help shows what there is)")
    .on("option:version", () => {
      throw new CommanderError(0, versionRequested, "");
    });

  program
    .command("start", { isDefault: true })
    .argument("[project]", "open the browser on the project with this title")
    .description("serve; with --username and --password, make that person first")
    .action(async (title: string | undefined) => {
      // As the default command, it also runs for words that are no command.
      if (title !== undefined && program.args[0] !== "start") refuseUnknownCommand(program);
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
    .command("doctor")
    .description("tell what would keep the server from working; with --url, also as people reach it")
    .action(async () => {
      const { doctor } = await import("./commands/doctor.ts");
      await doctor(io, program.opts());
    });

  program
    .command("export")
    .argument("<project id>")
    .addArgument(
      new Argument("<format>", "of the file").choices(["JSON", "JSON_MIN", "CSV", "TSV"]).argParser((text) => text),
    )
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
    .description("write all of the database into a new file, or - for standard output, while the server runs")
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

  const secretKey = program.command("secret-key").description("the secret key: secret-key rotate, secret-key reset");
  secretKey
    .command("rotate")
    .description("replace the secret key by a new one; what it protects stays valid")
    .action(async () => {
      const { rotate } = await import("./commands/secret-key.ts");
      await rotate(io, program.opts());
    });
  secretKey
    .command("reset")
    .description("start anew when the secret key is lost: new passwords and tokens for everybody")
    .action(async () => {
      const { reset } = await import("./commands/secret-key.ts");
      await reset(io, program.opts());
    });

  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .description("print a script that lets a shell complete commands and options")
    .action(async (shell: string) => {
      const { completion } = await import("./commands/completion.ts");
      completion(io, program, shell);
    });

  declareOptions(program);
  refuseUnsupported(program);
  program
    .command("version")
    .description("print the version")
    .action(() => printVersion(io, program.opts()));
  return program;
}

/** As commander does, which says what was probably meant, but keeps it private. */
function refuseUnknownCommand(program: Command): void {
  (program as unknown as { unknownCommand: () => never }).unknownCommand();
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
