import assert from "node:assert/strict";
import { test } from "node:test";

import { share, startApp } from "../support/app.ts";
import { smallPng } from "../support/images.ts";
import { addImporter } from "../support/importing.ts";
import { descriptionList, linesOf, read } from "../support/pages.ts";
import { assertNothingStored, storedOwners } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

const server = share(startApp);
const label_config =
  '<View><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="a"/></Choices></View>';
const severalFields = '<View><Image name="i" value="$image"/><Text name="t" value="$text"/></View>';

test("import of files: images become tasks, the page says of which files, and their pages show them", async () => {
  const app = await addImporter(await server(), { label_config });
  const form = read(await app.browser.get(`${app.address}/import`));
  assert.match(form("#files").attr("accept") ?? "", /\.png,.*\.pdf/);
  assert.match(form(".file-drop").text(), /or images, recordings, videos and documents, a task each/);

  const page = await app.importing({ files: { "one.png": smallPng, "two ö.PNG": smallPng } });

  assert.match(page("[role=status]").text(), /^\s*2 tasks imported\.\s+2 files, by/);
  assert.deepEqual(linesOf(page, ".uploads a"), ["one.png", "two ö.PNG"]);
  for (const link of page(".uploads a").toArray()) {
    const { body } = await app.browser.get(page(link).attr("href") ?? "").expect(200);
    assert.deepEqual(body, smallPng);
  }
  const [{ image }] = await app.tasks();
  const [task] = await app.database("tasks").where({ project_id: app.project.id }).orderBy("id");
  const shown = read(await app.browser.get(`${app.address}/tasks/${task.id}`).expect(200));
  assert.equal(shown("img.object, .object img").attr("src"), image);
  assert.equal(descriptionList(shown)["File"], "one.png");
  assert.equal(shown(`dd a[href="${image}"]`).length, 2);
  const label = read(await app.browser.get(`${app.address}/tasks/${task.id}/label`).expect(200));
  assert.equal(label(".object img").attr("src"), image);
});

test("import of files: undo takes the files, too, and says so before", async () => {
  const app = await addImporter(await startedAlone(), { label_config });
  const page = await app.importing({ files: { "one.png": smallPng, "two.png": smallPng } });
  assert.match(page("main").text(), /This deletes 2 tasks that nobody has labeled yet, with 2 files\./);
  const [{ image }] = await app.tasks();

  await app.browser.post(`${app.address}/imports/1/undo`).type("form").send({}).expect(303);

  await waitUntil("it is undone", async () => (await app.repositories.imports.find(1))?.state === "undone");
  await app.browser.get(image).expect(404);
  assert.deepEqual(await app.database("file_uploads"), []);
  await assertNothingStored(app.database);
});

test("import of files: a setup of several fields doesn't offer them, and says what to do instead", async () => {
  const app = await addImporter(await server(), { label_config: severalFields });
  const form = read(await app.browser.get(`${app.address}/import`));
  assert.doesNotMatch(form(".file-drop").text(), /images/);
  const page = await app.importing({ files: { "one.png": smallPng } });
  assert.match(page("[role=status]").text(), /Nothing was imported from one\.png: 1 problem/);
  assert.match(
    page(".problems").text(),
    /shows several fields, and a file like this has only one\. Import a file of tasks/,
  );
});

test("import of files: what is too much for the server is said beside the field, and nothing of it stays", async (t) => {
  const app = await addImporter(await startApp(t, { uploads_quota: 0 }), { label_config });
  const answer = await app.send({ files: { "one.png": smallPng }, text: "typed" }).expect(413);
  assert.match(read(answer)(".error, [id^=files]").text(), /may have 0 MB together/);
  await assertNothingStored(app.database);
  await app.send({ files: { "t.csv": "image\nx\n" } }).expect(303);
});

test("import of files: a task from a file of tasks says which one, without a link", async () => {
  const app = await addImporter(await server());
  await app.importing({ files: { "my tasks.csv": "text\nGood\n" } });
  const [task] = await app.database("tasks").where({ project_id: app.project.id });
  const shown = read(await app.browser.get(`${app.address}/tasks/${task.id}`).expect(200));
  assert.equal(descriptionList(shown)["File"], "my_tasks.csv");
});

test("import of files: below a path, pages find files by the addresses that tasks have without it", async (t) => {
  const app = await addImporter(await startApp(t, { base_path: "/labels" }), { label_config });
  const { headers } = await app.browser
    .post(`/labels${app.address}/import`)
    .attach("files", smallPng, "one.png")
    .field("text", "")
    .field("format", "auto");
  assert.equal(headers["location"], `/labels${app.address}/imports/1`);
  await waitUntil("it is imported", async () => (await app.repositories.imports.find(1))?.state === "done");
  const [{ image }] = await app.tasks();
  assert.match(image, /^\/data\/upload\//);
  const label = read(await app.browser.get(`/labels${app.address}/tasks/1/label`).expect(200));
  assert.equal(label(".object img").attr("src"), `/labels${image}`);
  await app.browser.get(`/labels${image}`).expect(200);
  assert.deepEqual(await storedOwners(app.database), ["upload 1"]);
});

/** A server that no other test uses. */
const startedAlone = share(startApp);
