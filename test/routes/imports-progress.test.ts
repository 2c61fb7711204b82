import assert from "node:assert/strict";
import { test } from "node:test";

import { addImport, startImporting } from "../support/importing.ts";
import { read } from "../support/pages.ts";
import { addProject } from "../support/projects.ts";
import { waitUntil } from "../support/wait-until.ts";

const title = "import's progress";

test(`${title}: checking is told by bytes, and the page loads itself again without JavaScript`, async (t) => {
  const app = await startImporting(t);
  const job = await addImport(app, app.project);
  const { id } = job;
  await app.repositories.imports.recordProgress(job, 437);

  const page = read(await app.browser.get(`${app.address}/imports/${id}`).expect(200));

  assert.equal(page("progress").attr("value"), "43");
  assert.equal(page("progress").attr("max"), "100");
  assert.equal(page("#import-step").text(), "tasks.json: checking, 43%");
  assert.equal(page("title").text(), "Checking, 43% · Reviews · Atelier");
  assert.equal(page("head noscript").text(), '<meta http-equiv="refresh" content="2">');
  assert.equal(page("#import").attr("hx-get"), `${app.address}/imports/${id}`);
});

test(`${title}: adding is told by tasks, and aloud only at every tenth`, async (t) => {
  const app = await startImporting(t);
  const { id } = await addImport(app, app.project);
  await app.database("imports").where({ id }).update({ state: "adding", task_count: 4000, tasks_added: 3999 });

  const page = read(await app.browser.get(`${app.address}/imports/${id}`));

  assert.equal(page("#import-step").text(), "tasks.json: adding tasks, 3,999 of 4,000");
  assert.equal(page("[role=status]:not(#flash)").text().trim(), "Adding tasks, 90%");
});

test(`${title}: an import that stands still for two minutes says so, and is no longer asked for`, async (t) => {
  const app = await startImporting(t);
  const { id } = await addImport(app, app.project);
  const heardOf = (seconds: number) =>
    app
      .database("imports")
      .where({ id })
      .update({ updated_at: new Date(Date.now() - seconds * 1000).toISOString().replace("Z", "000Z") });
  const look = async () => read(await app.browser.get(`${app.address}/imports/${id}`));

  await heardOf(110);
  assert.equal((await look())("progress").length, 1);

  await heardOf(130);
  const page = await look();
  assert.match(page("[role=status]").text(), /Stalled\. The server tries again every few minutes/);
  assert.equal(page("progress, noscript, [hx-get]").length, 0);
});

test(`${title}: what has ended is no longer asked for`, async (t) => {
  const app = await startImporting(t);

  for (const text of ["a task", '[{"foo": 1}]']) {
    const page = await app.importing({ text });
    assert.equal(page("progress, noscript, [hx-get]").length, 0);
  }
});

test(`${title}: problems are shown a hundred at a time, in their order`, async (t) => {
  const app = await startImporting(t);
  const lines = Array.from({ length: 201 }, (_, index) => `{"no${index}": 1}`).join("\n");
  const { headers } = await app.send({ text: lines, format: "jsonl" });
  const address = headers["location"] ?? "";

  const messages: string[] = [];
  let next: string | undefined = "";
  let count = 0;
  while (next !== undefined && count < 10) {
    const page = read(await app.browser.get(`${address}${next}`).expect(200));
    const items = page(".problems li").toArray();
    messages.push(...items.map((item) => page(item).find("span").text()));
    assert.equal(page("a").filter((_, link) => page(link).text() === "First").length, count === 0 ? 0 : 1);
    next = page("a[rel=next]").attr("href");
    count++;
  }

  assert.equal(count, 3);
  assert.deepEqual(
    messages,
    Array.from({ length: 201 }, (_, index) => `Line ${index + 1}:`),
  );
  assert.equal(read(await app.browser.get(`${address}?after=nonsense`))(".problems li").length, 100);
});

test(`${title}: after ten thousand problems it says that checking stopped`, async (t) => {
  const app = await startImporting(t);

  const { headers } = await app.send({ text: "5\n".repeat(10_002), format: "jsonl" });
  const look = async () => read(await app.browser.get(headers["location"] ?? ""))("[role=status]:not(#flash)").text();
  await waitUntil("the files are checked", async () => !/Checking/.test(await look()));

  assert.match(await look(), /Nothing was imported from Pasted text: 10,000 problems; checking stopped there/);
});

test(`${title}: an import is shown in its own project only, and to members only`, async (t) => {
  const app = await startImporting(t);
  const other = await addProject(app, app.user);
  const { id } = await addImport(app, app.project);
  const { browser: member } = await app.signedIn();

  await member.get(`${app.address}/imports/${id}`).expect(200);
  await app.browser.get(`/projects/${other.id}/imports/${id}`).expect(404);
  for (const missing of [`${app.address}/imports/0`, `${app.address}/imports/99`, "/projects/99/import"])
    await app.browser.get(missing).expect(404);
  await app.browser.post("/projects/99/import").field("text", "a").expect(404);
  await app.browser.post(`${app.address}/imports/${id}`).expect(405);

  for (const address of [`${app.address}/import`, `${app.address}/imports/${id}`])
    await app.visitor().get(address).expect(302).expect("Location", `/user/login/?next=${address}`);
  const refused = await app.visitor().post(`${app.address}/import`).field("text", "a task");
  assert.match(refused.headers["location"] ?? "", /^\/user\/login\//);
  assert.deepEqual(await app.tasks(), []);
});

test(`${title}: a form from another site imports nothing (C1)`, async (t) => {
  const app = await startImporting(t);

  for (const site of ["cross-site", "same-site"])
    await app.send({ text: "a task" }).set("Sec-Fetch-Site", site).expect(403);
  await app.send({ text: "a task" }).set("Origin", "https://elsewhere.example").expect(403);
  assert.deepEqual(await app.tasks(), []);

  await app.send({ text: "a task" }).set("Sec-Fetch-Site", "same-origin").expect(303);
  assert.deepEqual(await app.tasks(), [{ text: "a task" }]);
});
