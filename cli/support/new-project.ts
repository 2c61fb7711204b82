import { readFileSync } from "node:fs";
import path from "node:path";

import { submit } from "../../src/forms/form.ts";
import { newProjectForm } from "../../src/forms/projects.ts";
import type { ProjectSettings } from "../../src/repositories/labeling/projects.ts";
import { CommandError } from "./command-error.ts";
import { samplings } from "./options.ts";
import type { CommandOptions } from "./options.ts";

export type NewProject = Pick<ProjectSettings, "description" | "label_config" | "sampling"> & { title: string };

/** The project of the command line, validated; undefined when it names none. Throws CommandError. */
export async function newProject(options: CommandOptions, title: string | undefined): Promise<NewProject | undefined> {
  const { labelConfig: file, initialProjectDescription: description, sampling = "sequential" } = options;
  if (title === undefined && file === undefined) return undefined;
  if (title === undefined)
    throw new CommandError(
      `--label-config is for a project: give its title, too, such as \`label-studio init reviews --label-config ${file}\`.`,
    );
  const form = await submit(newProjectForm, {
    title,
    description,
    template: "xml",
    label_config: file === undefined ? "<View></View>" : readLabelConfig(file),
  });
  if (form.ok) return { ...form.data, sampling: samplings[sampling] };
  const sources: Record<string, string> = {
    title: "The project's title",
    description: "--initial-project-description",
    label_config: `--label-config ${file}`,
  };
  const problems = Object.entries(form.errors).map(([field, messages = []]) => {
    return `${sources[field]} can't be used: ${messages.join(" ")}`;
  });
  throw new CommandError(problems.join("\n"));
}

/** A project's title as Label Studio reads it: like a folder, without `./` before it or a slash after it. */
export function titleFrom(argument: string | undefined): string | undefined {
  return argument === undefined ? undefined : path.normalize(argument.trim()).replace(/[\\/]+$/, "");
}

function readLabelConfig(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not written in UTF-8." : "there is no file that can be read.";
    throw new CommandError(`--label-config ${file} can't be used: ${reason}`);
  }
}
