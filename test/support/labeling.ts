import type { Project, ProjectChanges } from "../../src/repositories/labeling/projects.ts";
import type { Task } from "../../src/repositories/labeling/tasks.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import type { Browser, TestApp } from "./app.ts";
import { read } from "./pages.ts";
import type { Page } from "./pages.ts";

export interface LabelingSession {
  project: Project;
  tasks: Task[];
  browser: Browser;
  user: User;
}

/** A project with this setup and a task for each of the data, and somebody who is going to label it. */
export async function startLabeling(
  { repositories, signedIn }: TestApp,
  tags: string,
  data: object[] = [{ text: "A text" }],
  settings: ProjectChanges = {},
): Promise<LabelingSession> {
  const { browser, user } = await signedIn();
  const organization = await repositories.organizations.first();
  const label_config = `<View>${tags}</View>`;
  const changes = { title: "Reviews", label_config, ...settings };
  const project = await repositories.projects.create(organization?.id ?? 0, user.id, changes);
  const tasks: Task[] = [];
  for (const each of data)
    tasks.push(await repositories.tasks.create(project, { data: JSON.stringify(each), meta: "{}" }, 1));
  return { project, tasks, browser, user };
}

/** The form of a label page as a browser would send it, with these answers in place of what it shows. */
export function labelFormBody(page: Page, answers: Record<string, string | string[]> = {}): string {
  const answered = Object.keys(answers).map((name) => `answer.${name}`);
  const shown = page("[data-labels]")
    .serializeArray()
    .filter(({ name }) => !answered.includes(name));
  const sent = new URLSearchParams();
  for (const { name, value } of shown) sent.append(name, value);
  for (const [name, values] of Object.entries(answers))
    for (const value of [values].flat()) sent.append(`answer.${name}`, value);
  return sent.toString();
}

/** Opens the next task and presses Submit. Gives the answer to it. */
export async function label(
  browser: Browser,
  project: Pick<Project, "id">,
  answers: Record<string, string | string[]> = {},
) {
  const page = read(await browser.get(`/projects/${project.id}/label`).expect(200));
  return send(browser, page, answers);
}

/** Presses a button of the label page: its first one, or the one with these words. */
export async function send(
  browser: Browser,
  page: Page,
  answers: Record<string, string | string[]> = {},
  button?: string,
) {
  const pressed = button ? page(`[data-labels] button:contains("${button}")`).attr("formaction") : undefined;
  const address = pressed ?? page("[data-labels]").attr("action") ?? "";
  return browser.post(address).type("form").send(labelFormBody(page, answers));
}
