import { templates } from "../../src/label-config/templates/index.ts";
import type { Annotation } from "../../src/repositories/labeling/annotations.ts";
import type { Project, ProjectChanges } from "../../src/repositories/labeling/projects.ts";
import type { Task } from "../../src/repositories/labeling/tasks.ts";
import type { TestApp } from "./app.ts";

/** The labeling setup of a template. */
export function templateSetup(id: string): string {
  return templates.find((template) => template.id === id)?.label_config ?? "";
}

/** Asks for `sentiment` of `text`: Positive, Neutral or Negative. */
export const sentimentSetup = templateSetup("sentiment");

/** A project of this person's that asks for the sentiment of texts, unless `changes` say otherwise. */
export async function addProject(
  { repositories }: Pick<TestApp, "repositories">,
  user: { id: number },
  changes: ProjectChanges = {},
): Promise<Project> {
  const organization = await repositories.organizations.first();
  const given = { title: "Reviews", label_config: sentimentSetup, ...changes };
  return repositories.projects.create(organization?.id ?? 0, user.id, given);
}

/** A task of each text. */
export async function addTasks(
  { repositories }: Pick<TestApp, "repositories">,
  project: Project,
  texts: string[],
): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const text of texts) {
    const data = JSON.stringify({ text });
    tasks.push(await repositories.tasks.create(project, { data, meta: "{}" }, project.maximum_annotations));
  }
  return tasks;
}

export function sentiment(choice: string): string {
  const value = { choices: [choice] };
  return JSON.stringify([{ id: "1", from_name: "sentiment", to_name: "text", type: "choices", value }]);
}

/** This person's answer to a task. */
export async function addAnswer(
  { repositories }: Pick<TestApp, "repositories">,
  task: Task | undefined,
  user: { id: number },
  choice: string,
): Promise<Annotation | undefined> {
  return repositories.annotations.create(task?.id ?? 0, user.id, { result: sentiment(choice) });
}
