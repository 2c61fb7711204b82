import type { Repositories } from "../../src/repositories/index.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import type { TestApp } from "./app.ts";
import { addProject } from "./projects.ts";

/** The setup of the recorded projects: `label` of `text`, pos or neg. */
export const textSetup =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="pos"/><Choice value="neg"/></Choices></View>';

export const choice = (value: string) => [
  { from_name: "label", to_name: "text", type: "choices", value: { choices: [value] } },
];

/** The data of all tasks, as kept, in their order. */
export async function storedTaskData(
  { database }: Pick<TestApp, "database">,
  project: Pick<Project, "id">,
): Promise<string[]> {
  return database("tasks").where({ project_id: project.id }).orderBy("inner_id").pluck("data");
}

/** Adds a person with a token, and a project for their tasks. */
export async function addPersonWithProject(repositories: Repositories, email: string) {
  const user = await repositories.users.create({ email, legacy_api_tokens_enabled: true });
  const token = (await repositories.legacyTokens.findByUser(user.id))?.token;
  return { token, project: await addProject({ repositories }, user, { label_config: textSetup }) };
}
