import { Argument, Command, CommanderError } from "commander";
import type { OutputConfiguration } from "commander";

import { OperationalError } from "../src/common/operational-error.ts";
import { commands } from "./commands/index.ts";
import type { CommandDeclaration } from "./commands/index.ts";
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

/** All options belong to the program, since Label Studio takes them before the command as well as after it. */
function createProgram(io: Io): Command {
  const program = new Command("label-studio")
    .description("Atelier: a home for labeling teams. Options go before or after the command.")
    .option("--version", "print the version")
    .exitOverride()
    .configureHelp(helpOfOptions)
    .configureOutput(outputOf(io))
    .showHelpAfterError("(label-studio --help lists commands and options)")
    .on("option:version", () => {
      throw new CommanderError(0, versionRequested, "");
    });

  for (const each of commands) declareCommand(program, program, each, io);

  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .description("print a script that makes a shell complete commands and options")
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

/** Declares a command and those below it, which run with the options of the whole program. */
function declareCommand(program: Command, parent: Command, declaration: CommandDeclaration, io: Io): void {
  const { name, description, args = [], isDefault = false, load, commands: ownCommands = [] } = declaration;
  const command = parent.command(name, { isDefault }).description(description);
  for (const argument of args) command.addArgument(argument);
  if (load)
    command.action(async () => {
      // As the default command, it also runs for words that are no command.
      if (isDefault && command.args.length > 0 && program.args[0] !== name) refuseUnknownCommand(program);
      const runCommand = await load();
      await runCommand(io, program.opts(), ...command.processedArgs);
    });
  for (const each of ownCommands) declareCommand(program, command, each, io);
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
