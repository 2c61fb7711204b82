import assert from "node:assert/strict";

import type { Task } from "../../src/repositories/labeling/tasks.ts";
import type { Browser, TestApp } from "./app.ts";
import { read } from "./pages.ts";
import type { Page } from "./pages.ts";

/** The label page of a task. */
export async function openLabelPage(browser: Browser, task: Task): Promise<Page> {
  return read(await browser.get(`/projects/${task.project_id}/tasks/${task.id}/label`).expect(200));
}

/** The form of a label page as a browser would send it, with these fields in place of what it shows. */
export function regionFormBody(page: Page, fields: Record<string, string | string[]>): string {
  const sent = new URLSearchParams();
  for (const { name, value } of page("[data-labels]").serializeArray()) if (!(name in fields)) sent.append(name, value);
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) sent.append(name, value);
  return sent.toString();
}

/** Presses the button of a label page that has this value or these words, after filling in fields. Gives the page of the answer. */
export async function press(
  browser: Browser,
  page: Page,
  button: string,
  fields: Record<string, string | string[]> = {},
): Promise<{ status: number; page: Page; text: string }> {
  const buttons = page("[data-labels] button").toArray();
  const named = (each: (typeof buttons)[number]) => [page(each).attr("value"), page(each).attr("aria-label"), page(each).text().trim()]; // prettier-ignore
  const found = buttons.find((each) => named(each).includes(button));
  assert.ok(
    found,
    `${button} is none of: ${buttons.map((each) => page(each).attr("value") ?? page(each).text()).join(", ")}`,
  );
  const pressed = page(found);
  const name = pressed.attr("name");
  const body = regionFormBody(page, { ...fields, ...(name && { [name]: pressed.attr("value") ?? "" }) });
  const address = pressed.attr("formaction") ?? page("[data-labels]").attr("action") ?? "";
  const answer = await browser.post(address).type("form").send(body);
  return { status: answer.status, page: read(answer), text: answer.text };
}

/** Presses the word of a text that reads so. */
export async function pressWord(
  browser: Browser,
  page: Page,
  word: string,
  fields: Record<string, string | string[]> = {},
) {
  const found = page(".word").toArray().find((each) => page(each).clone().find("small").remove().end().text() === word); // prettier-ignore
  assert.ok(found, `${word} is no word of the page`);
  return press(browser, page, page(found).attr("value") ?? "", fields);
}

/** Submits the form, or updates what there is. Resolves with the result that is saved then. */
export async function save(
  { browser, app, task }: { browser: Browser; app: Pick<TestApp, "repositories">; task: Task },
  page: Page,
): Promise<Record<string, unknown>[]> {
  const answer = await press(browser, page, page("[data-submits]").text().trim());
  assert.equal(answer.status, 303, answer.text);
  return savedResult(app, task);
}

/** The result of the last annotation of a task. */
export async function savedResult(
  { repositories }: Pick<TestApp, "repositories">,
  task: Task,
): Promise<Record<string, unknown>[]> {
  const annotation = (await repositories.annotations.listByTasks([task.id])).at(-1);
  return JSON.parse(annotation?.result ?? "[]") as Record<string, unknown>[];
}

/** A radio button of a label. */
export function labelField(control: string, label: string): Record<string, string> {
  return { "region.label": JSON.stringify([control, label]) };
}

/** Clicks on a picture as it is shown at a width, at a place in its pixels. */
export async function clickPicture(
  browser: Browser,
  page: Page,
  { width, place: [x, y], item = 0 }: { width: number; place: number[]; item?: number },
  fields: Record<string, string | string[]> = {},
): Promise<{ status: number; page: Page; text: string }> {
  const button = page(`[type="image"][width="${width}"]`).eq(item);
  const name = button.attr("name");
  assert.ok(name, `No picture is ${width} wide`);
  const body = regionFormBody(page, { ...fields, [`${name}.x`]: String(x), [`${name}.y`]: String(y) });
  const answer = await browser
    .post(button.attr("formaction") ?? "")
    .type("form")
    .send(body);
  return { status: answer.status, page: read(answer), text: answer.text };
}
