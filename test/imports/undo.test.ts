import assert from "node:assert/strict";
import { test } from "node:test";

import { startImporting } from "../support/importing.ts";
import { read } from "../support/pages.ts";
import { addAnswer, sentiment } from "../support/projects.ts";

const title = "undoing an import";
const file = (texts: string[]) => ({ files: { "mail.json": JSON.stringify(texts.map((text) => ({ text }))) } });

test(`${title}: its tasks are gone with what came with them, others stay, and the same file can be imported again`, async (t) => {
  const app = await startImporting(t);
  await app.importing({ text: "stays" });
  const annotated = {
    data: { text: "a" },
    annotations: [{ result: JSON.parse(sentiment("Positive")) }],
    predictions: [{ result: [] }],
  };
  const files = { "mail.json": JSON.stringify([annotated, { text: "b" }]) };
  const { headers } = await app.send({ files });
  const address = headers["location"] ?? "";
  const page = read(await app.browser.get(address));
  assert.equal(page(`form[action="${address}/undo"]`).length, 1);
  assert.match(page("[popover]").text(), /Undo this import\?\s+This deletes 2 tasks that nobody has labeled yet\./);

  const undone = await app.browser.post(`${address}/undo`);

  assert.deepEqual([undone.status, undone.headers["location"]], [303, address]);
  const after = read(await app.browser.get(address));
  assert.match(after("[role=status]").text(), /Import undone\./);
  assert.equal(after(`form[action="${address}/undo"]`).length, 0);
  assert.deepEqual(await app.tasks(), [{ text: "stays" }]);
  const project = await app.repositories.projects.find(app.project.id);
  assert.deepEqual(
    [project?.task_number, project?.total_annotations_number, project?.total_predictions_number],
    [1, 0, 0],
  );
  assert.deepEqual(await app.database("file_uploads").select("id"), []);
  assert.deepEqual(await app.database("import_undos").select("import_id"), []);
  assert.match(
    read(await app.browser.get(`${app.address}/import`))(".recent-imports li")
      .first()
      .text(),
    /mail\.json\s*Undone/,
  );

  await app.importing({ files });
  assert.equal((await app.tasks()).length, 3);
});

test(`${title}: as soon as somebody has labeled, skipped or begun one of its tasks it is refused whole, and says why`, async (t) => {
  const app = await startImporting(t);
  const { tasks, annotations, drafts } = app.repositories;
  const work: ((task_id: number) => Promise<unknown>)[] = [
    async (id) => addAnswer(app, await tasks.find(id), app.user, "Positive"),
    async (id) => annotations.create(id, app.user.id, { was_cancelled: true }),
    async (id) => drafts.create(id, null, app.user.id, {}),
  ];
  for (const label of work) {
    const { headers } = await app.send(file(["a", "b"]));
    const address = headers["location"] ?? "";
    const last = (await app.repositories.tasks.listLatest(app.project.id, { limit: 1 }))[0];
    await label(last?.id ?? 0);

    const page = read(await app.browser.get(address));
    assert.equal(page(`form[action="${address}/undo"]`).length, 0);
    assert.match(page("main").text(), /can’t be undone any more: somebody has labeled its tasks/);
    const count = (await app.tasks()).length;
    const refused = await app.browser.post(`${address}/undo`).expect(409);
    assert.match(refused.text, /Not undone\.<\/strong> Somebody has labeled its tasks\./);
    assert.equal((await app.tasks()).length, count);
    await app.browser.get(`${address}/undo`).expect(302).expect("Location", address);
  }
});

test(`${title}: an annotation that came with it and was changed since counts as work`, async (t) => {
  const app = await startImporting(t);
  const result = JSON.parse(sentiment("Positive"));
  const { headers } = await app.send({ text: JSON.stringify([{ data: { text: "a" }, annotations: [{ result }] }]) });
  const annotation = await app.database("annotations").first("id");
  await app.repositories.annotations.update(annotation.id, app.user.id, { result: sentiment("Negative") });

  await app.browser.post(`${headers["location"]}/undo`).expect(409);

  assert.equal((await app.tasks()).length, 1);
});

test(`${title}: what is refused, undone already or elsewhere has nothing to undo`, async (t) => {
  const app = await startImporting(t);
  const { headers } = await app.send(file(["a"]));
  const address = headers["location"] ?? "";
  const refused = await app.send({ text: '[{"foo": 1}]' });

  await app.browser.post(`${refused.headers["location"]}/undo`).expect(409);
  await app.browser.post(`${address}/undo`).expect(303);
  const again = await app.browser.post(`${address}/undo`).expect(409);

  assert.match(again.text, /Its tasks are gone/);
  for (const missing of [`${app.address}/imports/99/undo`, "/projects/99/imports/1/undo"])
    await app.browser.post(missing).expect(404);
});
