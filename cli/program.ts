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
    .description("Atelier: a home for labeling teams. Options go before or after the command.")
    .option("--version", "print the version")
    .exitOverride()
    .configureHelp(helpOfOptions)
    .configureOutput(outputOf(io))
    .showHelpAfterError("(label-studio --help lists commands and options)")
    .on("option:version", () => {
      throw new CommanderError(0, versionRequested, "");
    });

  program
    .command("start", { isDefault: true })
    .argument("[project]", "open the browser at the project with this title")
    .description("start the server; with --username and --password, create that person first")
    .action(async (title: string | undefined) => {
      // As the default command, it also runs for words that are no command.
      if (title !== undefined && program.args[0] !== "start") refuseUnknownCommand(program);
      const { start } = await import("./commands/start.ts");
      await start(io, program.opts(), title);
    });

  program
    .command("init")
    .argument("[project]", "title of a project to create")
    .description("create a person and a project without starting the server; asks for the person if none is given")
    .action(async (title: string | undefined) => {
      const { init } = await import("./commands/init.ts");
      await init(io, program.opts(), title);
    });

  const user = program
    .command("user")
    .description("print a person's record with their legacy token")
    .action(async () => {
      const { user } = await import("./commands/user.ts");
      await user(io, program.opts());
    });
  user
    .command("reset-link")
    .description("print a link with which a person sets their password; it works once, for 24 hours")
    .action(async () => {
      const { resetLink } = await import("./commands/user-reset-link.ts");
      await resetLink(io, program.opts());
    });
  user
    .command("disable-2fa")
    .description("let a person log in without the second factor, whose phone and recovery codes are gone")
    .action(async () => {
      const { disableTwoFactor } = await import("./commands/user-disable-two-factor.ts");
      await disableTwoFactor(io, program.opts());
    });

  program
    .command("reset_password")
    .description("set a person's password and log them out everywhere; asks for what is missing")
    .action(async () => {
      const { resetPassword } = await import("./commands/reset-password.ts");
      await resetPassword(io, program.opts());
    });

  addUsers(program, io);
  addTokens(program, io);
  addInvitations(program, io);

  program
    .command("check")
    .description("recount the numbers on pages and list the wrong ones; with --repair, correct them")
    .action(async () => {
      const { check } = await import("./commands/check.ts");
      await check(io, program.opts());
    });

  program
    .command("events")
    .description("print what happened to accounts and the organization, oldest first")
    .action(async () => {
      const { listEvents } = await import("./commands/events.ts");
      await listEvents(io, program.opts());
    });

  program
    .command("doctor")
    .description("check what could keep the server from working; with --url, also from outside")
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
    .description("write all tasks of a project to a file")
    .action(async (id: string, format: string) => {
      const { exportProject } = await import("./commands/export.ts");
      await exportProject(io, program.opts(), id, format);
    });

  program
    .command("import-label-studio")
    .description("copy everything from a Label Studio, which is only read; run it again to add what is new")
    .action(async () => {
      const { importLabelStudio } = await import("./commands/import-label-studio.ts");
      await importLabelStudio(io, program.opts());
    });

  program
    .command("backup")
    .argument("<file>")
    .description("write the whole database to a new file, or - for standard output, while the server runs")
    .action(async (file: string) => {
      const { backup } = await import("./commands/backup.ts");
      await backup(io, program.opts(), file);
    });

  program
    .command("restore")
    .argument("<file>")
    .description("check a backup and restore it into the configured database, which must be empty")
    .action(async (file: string) => {
      const { restore } = await import("./commands/restore.ts");
      await restore(io, program.opts(), file);
    });

  program
    .command("db")
    .description("the database itself: db copy")
    .command("copy")
    .description("copy the configured database into an empty one (--to) and compare the two")
    .action(async () => {
      const { copy } = await import("./commands/db-copy.ts");
      await copy(io, program.opts());
    });

  const secretKey = program.command("secret-key").description("the secret key: secret-key rotate, secret-key reset");
  secretKey
    .command("rotate")
    .description("replace the secret key; what it protects stays valid")
    .action(async () => {
      const { rotate } = await import("./commands/secret-key.ts");
      await rotate(io, program.opts());
    });
  secretKey
    .command("reset")
    .description("start over when the secret key is lost: everybody needs a new password and new tokens")
    .action(async () => {
      const { reset } = await import("./commands/secret-key.ts");
      await reset(io, program.opts());
    });

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

/** The commands for people: each names the person by email or id. */
function addUsers(program: Command, io: Io): void {
  const users = program.command("users").description("people: list, create and show them, and change who may log in");
  users
    .command("list")
    .description("print who is a member, a line each")
    .action(async () => {
      const { listUsers } = await import("./commands/users/list.ts");
      await listUsers(io, program.opts());
    });
  users
    .command("create")
    .argument("<email>")
    .description("create a member; asks for the password")
    .action(async (email: string) => {
      const { createUser } = await import("./commands/users/create.ts");
      await createUser(io, program.opts(), email);
    });
  users
    .command("show")
    .argument("<person>", "their email or id")
    .description("print what is known of a person")
    .action(async (person: string) => {
      const { showUser } = await import("./commands/users/show.ts");
      await showUser(io, program.opts(), person);
    });
  users
    .command("set-email")
    .argument("[person]", "their email or id, instead of --username")
    .argument("[email]", "the new one, instead of --email")
    .description("change a person's email, with which they log in; they are told on their next page")
    .action(async (person: string | undefined, email: string | undefined) => {
      const { setEmail } = await import("./commands/users/set-email.ts");
      await setEmail(io, program.opts(), { person, email });
    });
  for (const { name, description, run } of statusCommands)
    users
      .command(name)
      .argument("<person>", "their email or id")
      .description(description)
      .action(async (person: string) => {
        const commands = await import("./commands/users/change-status.ts");
        await commands[run](io, program.opts(), person);
      });
}

const statusCommands = [
  {
    name: "deactivate",
    run: "deactivateUser",
    description: "end a member's log-in, sessions and tokens until activate",
  },
  { name: "activate", run: "activateUser", description: "let a deactivated member log in again" },
  { name: "remove", run: "removeUser", description: "end a membership; what the person labeled stays" },
  { name: "restore", run: "restoreUser", description: "make somebody who was removed a member again" },
  { name: "make-owner", run: "makeOwner", description: "make a member the owner, in place of the one there is" },
] as const;

/** The commands for keys. */
function addInvitations(program: Command, io: Io): void {
  const invite = program
    .command("invite")
    .description("invitation links with limits: invite create, invite list, invite revoke");
  invite
    .command("create")
    .description("make a link for one person within 7 days, or as the options say, and print it, once")
    .action(async () => {
      const { create } = await import("./commands/invite.ts");
      await create(io, program.opts());
    });
  invite
    .command("list")
    .description("list them, with how many joined by each")
    .action(async () => {
      const { list } = await import("./commands/invite.ts");
      await list(io, program.opts());
    });
  invite
    .command("revoke")
    .argument("<id>", "from invite list")
    .description("end one; those who joined by it stay")
    .action(async (id: string) => {
      const { revoke } = await import("./commands/invite.ts");
      await revoke(io, program.opts(), id);
    });
}

function addTokens(program: Command, io: Io): void {
  const token = program.command("token").description("people's keys: token create, token list, token revoke");
  token
    .command("create")
    .description("make a key for scripts and print it, once")
    .action(async () => {
      const { create } = await import("./commands/token.ts");
      await create(io, program.opts());
    });
  token
    .command("list")
    .description("list the keys that work: everybody's, or a person's")
    .action(async () => {
      const { list } = await import("./commands/token.ts");
      await list(io, program.opts());
    });
  token
    .command("revoke")
    .argument("[id]", "of the key, from token list; or give --username and --name")
    .description("end a key")
    .action(async (id: string | undefined) => {
      const { revoke } = await import("./commands/token.ts");
      await revoke(io, program.opts(), id);
    });
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
