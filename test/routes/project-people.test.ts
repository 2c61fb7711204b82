import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { lineOf, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks, templateSetup } from "../support/projects.ts";

test("people of a project: each with what they labeled and skipped, the one who labeled most first", async (t) => {
  const app = await startApp(t);
  const { browser, user: ada } = await app.signedIn({ email: "ada@example.com" });
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  await app.signedIn({ email: "eve@example.com" });
  const project = await addProject(app, ada);
  const tasks = await addTasks(app, project, ["one", "two", "three"]);
  await addAnswer(app, tasks[0], ada, "Positive");
  await addAnswer(app, tasks[0], ben, "Positive");
  await addAnswer(app, tasks[1], ben, "Neutral");
  await app.repositories.annotations.create(tasks[2]?.id ?? 0, ada.id, { was_cancelled: true });

  const page = read(await browser.get(`/projects/${project.id}/people`).expect(200));

  const rows = page(".project-people tbody tr").toArray();
  const cells = rows.map((row) =>
    page(row)
      .find("td")
      .toArray()
      .map((cell) => lineOf(page(cell))),
  );
  assert.deepEqual(
    cells.map(([person = "", labeled, skipped]) => [person.split(" ").at(-1), labeled, skipped]),
    [
      ["yet", "2", "–"],
      ["yet", "1", "1"],
    ],
  );
  assert.match(cells[0]?.[0] ?? "", /ben@example\.com/);
  assert.equal(
    page(".project-people tbody a[href*=person]").first().attr("href"),
    `/projects/${project.id}?person=${ben.id}`,
  );
  assert.match(
    page(".day-chart").first().attr("aria-label") ?? "",
    /^2 annotations in the last 30 days, most on \d+ \w{3}: 2$/,
  );
  assert.equal(page(".day-chart").first().find("rect:not(.none)").length, 1);
});

test("people of a project: agreement is shown for each question, with the number of tasks and Cohen's kappa of pairs", async (t) => {
  const app = await startApp(t);
  const { browser, user: ada } = await app.signedIn({ email: "ada@example.com" });
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  const project = await addProject(app, ada, { maximum_annotations: 2 });
  const address = `/projects/${project.id}/people`;
  const tasks = await addTasks(app, project, ["one", "two", "three", "four", "five"]);
  assert.match((await browser.get(address)).text, /Nobody has labeled anything yet/);
  for (const [index, choice] of ["Positive", "Positive", "Negative", "Negative"].entries())
    await addAnswer(app, tasks[index], ada, choice);
  assert.match((await browser.get(address)).text, /No task has comparable answers of several people yet/);
  for (const [index, choice] of ["Positive", "Negative", "Negative", "Negative"].entries())
    await addAnswer(app, tasks[index], ben, choice);

  const page = read(await browser.get(address).expect(200));

  assert.match(lineOf(page(".card")), /75% equal answers, on 4 tasks that several people labeled\./);
  const pair = page(".agreement tbody tr").children().toArray().map((cell) => page(cell).text().trim()); // prettier-ignore
  assert.deepEqual(pair, ["ada@example.com and ben@example.com", "4", "75%", "0.50"]);
});

test("people of a project: the agreement on regions is by their place and label, and by how much they overlap", async (t) => {
  const app = await startApp(t);
  const { browser, user: ada } = await app.signedIn({ email: "ada@example.com" });
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  const project = await addProject(app, ada, { label_config: templateSetup("named-entities"), maximum_annotations: 2 });
  const [task] = await addTasks(app, project, ["Marie Curie in Warsaw"]);
  const span = (start: number, end: number, label: string) => ({ id: `${start}`, from_name: "label", to_name: "text", type: "labels", value: { start, end, labels: [label] } }); // prettier-ignore
  for (const [user, entries] of [
    [ada, [span(0, 11, "Person"), span(15, 21, "Place")]],
    [ben, [span(0, 5, "Person"), span(15, 21, "Place")]],
  ] as const)
    // prettier-ignore
    await app.repositories.annotations.create(task?.id ?? 0, user.id, { result: JSON.stringify(entries) });

  const page = read(await browser.get(`/projects/${project.id}/people`).expect(200));

  assert.match(lineOf(page(".card")), /50% equal regions, on 1 task that several people labeled\./);
  const pair = page(".agreement tbody tr").children().toArray().map((cell) => page(cell).text().trim()); // prettier-ignore
  assert.deepEqual(pair, ["ada@example.com and ben@example.com", "1", "50%", "73%"]);
});

test("people of a project: where each task is for one person, it says how to compare", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, ["one"]);
  await addAnswer(app, task, user, "Positive");

  const page = read(await browser.get(`/projects/${project.id}/people`));

  assert.match(page("main").text(), /Each task is labeled by one person\. To compare people, raise “People per task”/);
});
