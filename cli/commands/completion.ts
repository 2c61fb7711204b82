import type { Command, Option } from "commander";

import { commandName, optionsOf } from "../support/command-line-options.ts";
import { completionScripts } from "../support/completion-scripts.ts";
import type { CompletedCommand, CompletedOption } from "../support/completion-scripts.ts";
import type { Io } from "../support/io.ts";

/** Prints a script that lets a shell complete commands, options and the values of those that have a choice. */
export function completion({ stdout }: Io, program: Command, shell: string): void {
  stdout.write(completionScripts[shell]?.(completedCommands(program)) ?? "");
}

function completedCommands(program: Command): CompletedCommand[] {
  return [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)].map((command) => ({
    name: command === program ? "" : commandName(command),
    description: command.description(),
    words:
      command.commands.length > 0
        ? command.commands.map((each) => each.name())
        : command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    takesFile: command.registeredArguments.some((argument) => argument.name() === "file"),
    options: [...optionsOf(command).map(completedOption), help],
  }));
}

const help: CompletedOption = { flags: ["-h", "--help"], description: "display help for command" };

const files = /<(?:file|folder|path|place)>$/;

function completedOption({ short, long, required, argChoices, flags, description }: Option): CompletedOption {
  const value = argChoices ? { choices: argChoices } : files.test(flags) ? "file" : "text";
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    value: required ? value : undefined,
  };
}
