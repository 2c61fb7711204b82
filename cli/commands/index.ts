import { Argument } from "commander";

import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";

/** A command, with those below it: `users list` is `list` among the commands of `users`. */
export interface CommandDeclaration {
  name: string;
  description: string;
  args?: Argument[];
  /** Whether it runs where no command is named. */
  isDefault?: boolean;
  /** Imports what runs it. Without it, the command is a group, whose help lists its commands. */
  load?: () => Promise<(io: Io, options: CommandOptions, ...args: string[]) => Promise<void>>;
  commands?: CommandDeclaration[];
}

const person = new Argument("<person>", "their email or id");

/**
 * Every command but those about the program itself, in the order of the help. Each is loaded when it runs, so that none waits
 * for what only others need.
 */
export const commands: CommandDeclaration[] = [
  {
    name: "start",
    isDefault: true,
    args: [new Argument("[project]", "open the browser at the project with this title")],
    description: "start the server; with --username and --password, create that person first",
    load: async () => (await import("./start.ts")).start,
  },
  {
    name: "init",
    args: [new Argument("[project]", "title of a project to create")],
    description: "create a person and a project without starting the server; asks for the person if none is given",
    load: async () => (await import("./init.ts")).init,
  },
  {
    name: "user",
    description: "print a person's record with their legacy token",
    load: async () => (await import("./user.ts")).user,
    commands: [
      {
        name: "reset-link",
        description: "print a link with which a person sets their password; it works once, for 24 hours",
        load: async () => (await import("./user-reset-link.ts")).resetLink,
      },
      {
        name: "disable-2fa",
        description: "let a person log in without the second factor, whose phone and recovery codes are gone",
        load: async () => (await import("./user-disable-two-factor.ts")).disableTwoFactor,
      },
    ],
  },
  {
    name: "reset_password",
    description: "set a person's password and log them out everywhere; asks for what is missing",
    load: async () => (await import("./reset-password.ts")).resetPassword,
  },
  {
    name: "users",
    description: "people: list, create and show them, and change who may log in",
    commands: [
      {
        name: "list",
        description: "print who is a member, a line each",
        load: async () => (await import("./users/list.ts")).listUsers,
      },
      {
        name: "create",
        args: [new Argument("<email>")],
        description: "create a member; asks for the password",
        load: async () => (await import("./users/create.ts")).createUser,
      },
      {
        name: "show",
        args: [person],
        description: "print what is known of a person",
        load: async () => (await import("./users/show.ts")).showUser,
      },
      {
        name: "set-email",
        args: [
          new Argument("[person]", "their email or id, instead of --username"),
          new Argument("[email]", "the new one, instead of --email"),
        ],
        description: "change a person's email, with which they log in; they are told on their next page",
        load: async () => (await import("./users/set-email.ts")).setEmail,
      },
      {
        name: "deactivate",
        args: [person],
        description: "end a member's log-in, sessions and tokens until activate",
        load: async () => (await import("./users/change-status.ts")).deactivateUser,
      },
      {
        name: "activate",
        args: [person],
        description: "let a deactivated member log in again",
        load: async () => (await import("./users/change-status.ts")).activateUser,
      },
      {
        name: "remove",
        args: [person],
        description: "end a membership; what the person labeled stays",
        load: async () => (await import("./users/change-status.ts")).removeUser,
      },
      {
        name: "restore",
        args: [person],
        description: "make somebody who was removed a member again",
        load: async () => (await import("./users/change-status.ts")).restoreUser,
      },
      {
        name: "make-owner",
        args: [person],
        description: "make a member the owner, in place of the one there is",
        load: async () => (await import("./users/change-status.ts")).makeOwner,
      },
    ],
  },
  {
    name: "token",
    description: "people's keys: token create, token list, token revoke",
    commands: [
      {
        name: "create",
        description: "make a key for scripts and print it, once",
        load: async () => (await import("./token.ts")).create,
      },
      {
        name: "list",
        description: "list the keys that work: everybody's, or a person's",
        load: async () => (await import("./token.ts")).list,
      },
      {
        name: "revoke",
        args: [new Argument("[id]", "of the key, from token list; or give --username and --name")],
        description: "end a key",
        load: async () => (await import("./token.ts")).revoke,
      },
    ],
  },
  {
    name: "invite",
    description: "invitation links with limits: invite create, invite list, invite revoke",
    commands: [
      {
        name: "create",
        description: "make a link for one person within 7 days, or as the options say, and print it, once",
        load: async () => (await import("./invite.ts")).create,
      },
      {
        name: "list",
        description: "list them, with how many joined by each",
        load: async () => (await import("./invite.ts")).list,
      },
      {
        name: "revoke",
        args: [new Argument("<id>", "from invite list")],
        description: "end one; those who joined by it stay",
        load: async () => (await import("./invite.ts")).revoke,
      },
    ],
  },
  {
    name: "check",
    description: "recount the numbers on pages and list the wrong ones; with --repair, correct them",
    load: async () => (await import("./check.ts")).check,
  },
  {
    name: "events",
    description: "print what happened to accounts and the organization, oldest first",
    load: async () => (await import("./events.ts")).listEvents,
  },
  {
    name: "doctor",
    description: "check what could keep the server from working; with --url, also from outside",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    name: "export",
    args: [
      new Argument("<project id>"),
      new Argument("<format>", "of the file")
        .choices(["JSON", "JSON_MIN", "CSV", "TSV", "CONLL2003", "COCO", "VOC", "YOLO", "YOLO_OBB", "ASR_MANIFEST"])
        .argParser((text) => text),
    ],
    description: "write all tasks of a project to a file",
    load: async () => (await import("./export.ts")).exportProject,
  },
  {
    name: "import-label-studio",
    description: "copy everything from a Label Studio, which is only read; run it again to add what is new",
    load: async () => (await import("./import-label-studio.ts")).importLabelStudio,
  },
  {
    name: "backup",
    args: [new Argument("<file>")],
    description: "write the whole database to a new file, or - for standard output, while the server runs",
    load: async () => (await import("./backup.ts")).backup,
  },
  {
    name: "restore",
    args: [new Argument("<file>")],
    description: "check a backup and restore it into the configured database, which must be empty",
    load: async () => (await import("./restore.ts")).restore,
  },
  {
    name: "db",
    description: "the database itself: db copy",
    commands: [
      {
        name: "copy",
        description: "copy the configured database into an empty one (--to) and compare the two",
        load: async () => (await import("./db-copy.ts")).copy,
      },
    ],
  },
  {
    name: "secret-key",
    description: "the secret key: secret-key rotate, secret-key reset",
    commands: [
      {
        name: "rotate",
        description: "replace the secret key; what it protects stays valid",
        load: async () => (await import("./secret-key.ts")).rotate,
      },
      {
        name: "reset",
        description: "start over when the secret key is lost: everybody needs a new password and new tokens",
        load: async () => (await import("./secret-key.ts")).reset,
      },
    ],
  },
];
