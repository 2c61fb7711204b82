import { Help, Option } from "commander";
import type { Command, HelpConfiguration } from "commander";

import { samplings, shownPeople } from "./options.ts";

const ofLabelStudio = ["start", "init", "user", "reset_password", "export", "version"];
const ofUsers = [
  "users list",
  "users create",
  "users show",
  "users set-email",
  "users deactivate",
  "users activate",
  "users remove",
  "users restore",
  "users make-owner",
];
const ofTokens = ["token create", "token list", "token revoke"];
const ofInvitations = ["invite create", "invite list", "invite revoke"];
const withDatabase = [
  "start",
  "init",
  "user",
  "user reset-link",
  "user disable-2fa",
  "reset_password",
  ...ofTokens,
  ...ofInvitations,
  "check",
  "doctor",
  "events",
  "export",
  "import-label-studio",
  "backup",
  "restore",
  "db copy",
  "secret-key rotate",
  "secret-key reset",
  ...ofUsers,
];
const withNewUser = ["start", "init"];

/** With choices that the help and the completion show, and that are read in any case. */
function anyCase(option: Option, choices: string[]): Option {
  return option.choices(choices).argParser((text) => text);
}

/**
 * Every option, with the commands that have it. Label Studio takes an option before the command as well as after it, so
 * commander is told all of them for the program, and each command refuses those that it does not have.
 */
const options: [option: Option, commands: string[]][] = [
  [
    new Option("--username <email>", "the person; start and init create them"),
    ["start", "init", "user", "user reset-link", "user disable-2fa", "users set-email", "reset_password", ...ofTokens],
  ],
  [new Option("--email <email>", "the person's new email"), ["users set-email"]],
  [
    new Option(
      "--password <password>",
      "their password (others on this machine can see it: --password-stdin is safer)",
    ),
    ["start", "init", "reset_password"],
  ],
  [
    new Option("--password-stdin", "read the password from standard input").conflicts("password"),
    ["start", "init", "reset_password", "users create"],
  ],
  [new Option("--end-tokens", "end the person's keys and tokens, too"), ["reset_password"]],
  [
    new Option("--days <number>", "how long the key or the link lasts (default: 90, a link 7)"),
    ["token create", "invite create"],
  ],
  [new Option("--never", "the key or the link never expires").conflicts("days"), ["token create", "invite create"]],
  [new Option("--note <text>", "what members read about the link"), ["invite create"]],
  [new Option("--only-for <who>", "the only email that may join, or the only domain of emails"), ["invite create"]],
  [new Option("--uses <number>", "how many people may join, or any (default: 1)"), ["invite create"]],
  [new Option("--read-only", "the key reads, and changes nothing"), ["token create"]],
  [new Option("--user-token <token>", "their legacy token, 5 characters or more"), withNewUser],
  [new Option("-p, --port <port>", "port to listen on, or the next free one (default: 8080)"), withNewUser],
  [new Option("--internal-host <address>", "address to listen on (default: 0.0.0.0)"), withNewUser],
  [new Option("--host <url>", "public address, for links; may have a path"), [...withNewUser, "user reset-link"]],
  [new Option("--init", "as init before it serves"), ["start"]],
  [new Option("-q, --quiet", "ask nothing"), withNewUser],
  [new Option("-l, --label-config <file>", "the project's labeling setup, a file of XML"), withNewUser],
  [new Option("--initial-project-description <text>", "the project's description"), withNewUser],
  [
    new Option("--sampling <order>", "the order in which tasks are labeled (default: sequential)").choices(
      Object.keys(samplings),
    ),
    withNewUser,
  ],
  [
    new Option("--enable-legacy-api-token", "switch legacy tokens on if this run creates the organization"),
    withNewUser,
  ],
  [new Option("-b, --no-browser", "don't open a browser"), withNewUser],
  [new Option("--data-dir <folder>", "folder of the database and the secret key"), withDatabase],
  [
    new Option("--database <file>", "SQLite file, also -db (default: label_studio.sqlite3 in the data folder)"),
    withDatabase,
  ],
  [
    anyCase(new Option("--log-level <level>", "how much to log (default: INFO)"), [
      "DEBUG",
      "INFO",
      "WARNING",
      "ERROR",
    ]),
    ofLabelStudio,
  ],
  [new Option("-d, --debug", "the same as --log-level DEBUG"), ofLabelStudio],
  [
    new Option("--json", "as JSON"),
    [
      "user",
      "user reset-link",
      ...ofUsers,
      ...ofTokens,
      ...ofInvitations,
      "check",
      "doctor",
      "events",
      "export",
      "version",
    ],
  ],
  [
    new Option("--name <name>", "what the person or the key is called"),
    ["users create", "token create", "token revoke"],
  ],
  [
    new Option("--show <who>", "whom to list (default: everyone, without those who were removed)").choices(shownPeople),
    ["users list"],
  ],
  [new Option("--url <url>", "the address people use, to check it from outside"), ["doctor"]],
  [new Option("--repair", "correct wrong counts"), ["check"]],
  [new Option("--since <time>", "a time such as 2026-11-29, or 7d or 12h for how long ago"), ["events"]],
  [new Option("--to <place>", "a postgresql:// address or SQLite file, empty or new"), ["db copy"]],
  [new Option("--export-path <path>", "file or folder to write to (default: export in the data folder)"), ["export"]],
  [new Option("--no-overwrite", "fail if the file exists, and leave it as it is"), ["export"]],
  [
    new Option("--export-serializer-context <json>", "what to write in full, as the API's `serialization_options`"),
    ["export"],
  ],
  [new Option("--from <place>", "Label Studio's SQLite file, or its postgresql:// address"), ["import-label-studio"]],
  [new Option("--media <folder>", "its media folder (default: media beside the SQLite file)"), ["import-label-studio"]],
  [
    new Option(
      "--secret-key-file <file>",
      "file with its secret key, such as its .env (default: .env beside the SQLite file)",
    ),
    ["import-label-studio"],
  ],
  [
    new Option("--secret-key <key>", "its secret key (others on this machine can see it)").conflicts("secretKeyFile"),
    ["import-label-studio"],
  ],
  [
    new Option("--new-key-file <file>", "file with the new key, or - for standard input (default: a random one)"),
    ["secret-key rotate"],
  ],
  [
    new Option("--leaked", "somebody else may know the old key: also end tokens, sessions and the invitation link"),
    ["secret-key rotate"],
  ],
  [new Option("--yes", "don't ask"), ["secret-key reset"]],
  [new Option("--dry-run", "say what would happen, and change nothing"), ["restore", "db copy", "import-label-studio"]],
  [new Option("--into-existing", "add to the people and projects already here"), ["import-label-studio"]],
];

/** Declares the options of all commands, which refuse those that they do not have before they do anything. */
export function declareOptions(program: Command): void {
  for (const [option] of options) program.addOption(option);
  program.hook("preAction", (_, command) => {
    const name = commandName(command);
    for (const [option, commands] of options)
      if (!commands.includes(name) && program.getOptionValueSource(option.attributeName()) === "cli")
        command.error(`error: ${name} has no option '${option.long}'. It belongs to: ${commands.join(", ")}`);
  });
}

/** The options of a command; of the program those of `start`, which runs by default. */
export function optionsOf(command: Command): Option[] {
  const name = command.parent ? commandName(command) : "start";
  return options.filter(([, commands]) => commands.includes(name)).map(([option]) => option);
}

/** A command's help lists its own options. */
export const helpOfOptions: HelpConfiguration = {
  visibleOptions(this: Help, command) {
    const own = optionsOf(command);
    const others = Help.prototype.visibleOptions
      .call(this, command)
      .filter((visible) => options.every(([option]) => option !== visible));
    return [...own, ...others];
  },
};

/** `db copy` for a command of a command. */
export function commandName(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${parent.name()} ${command.name()}` : command.name();
}
