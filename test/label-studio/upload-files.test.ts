import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { smallPng } from "../support/images.ts";
import { countsOf, migrateInto, recordedFiles } from "../support/label-studio.ts";
import type { LabelStudio } from "../support/label-studio.ts";
import { read } from "../support/pages.ts";
import { addProject } from "../support/projects.ts";
import { storedOwners } from "../support/stored.ts";

const pictures = ["a9c7f0ce-p0", "1e9f8815-p1", "f49522e7-p2", "6ca89001-p3", "685d04a8-p4", "5d252d2c-p5"];

/** Puts files at the names that the recorded database has for them; each picture ends with its number. */
function addMedia({ folder }: LabelStudio): string {
  const media = path.join(folder, "media");
  for (const project of ["1", "2"]) mkdirSync(path.join(media, "upload", project), { recursive: true });
  writeFileSync(path.join(media, "upload", "1", "5e9a25c8-more.csv"), "text\nmore\n");
  for (const [index, name] of pictures.entries())
    writeFileSync(path.join(media, "upload", "2", `${name}.png`), Buffer.concat([smallPng, Buffer.from([index])]));
  return media;
}

test("moving in: uploaded files come along, and the label page shows them at their addresses", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);

  const report = await migrateInto(app, source, { media: addMedia(source) });

  assert.deepEqual(countsOf(report)["uploaded files"], [7, 7, 0, 0]);
  const { browser, user } = await app.signedIn();
  assert.ok(user);
  for (const [index, name] of pictures.entries()) {
    const { body, headers } = await browser.get(`/data/upload/2/${name}.png`).expect(200);
    assert.equal(headers["content-type"], "image/png");
    assert.equal(body.at(-1), index);
  }
  const page = read(await browser.get("/projects/2/tasks/443").expect(200));
  assert.equal(page(".object img").attr("src"), "/data/upload/2/1e9f8815-p1.png");
  assert.equal((await browser.get("/data/upload/1/5e9a25c8-more.csv").expect(200)).text, "text\nmore\n");
});

test("moving in: what is missing, or lies elsewhere, is named, and comes when it is there the next time", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const media = addMedia(source);
  const upload = path.join(media, "upload", "2");
  rmSync(path.join(upload, "1e9f8815-p1.png"));
  rmSync(path.join(upload, "f49522e7-p2.png"));
  symlinkSync(path.join(source.folder, ".env"), path.join(upload, "f49522e7-p2.png"));

  const report = await migrateInto(app, source, { media });

  assert.deepEqual(countsOf(report)["uploaded files"], [7, 5, 0, 2]);
  const note = report.notes.find((each) => each.startsWith("Not moved: 2 uploaded files")) ?? "";
  assert.match(note, /upload\/2\/1e9f8815-p1\.png \(there is no file .*p1\.png that can be read\)/);
  assert.match(note, /upload\/2\/f49522e7-p2\.png \(it lies outside of the media folder\)/);

  writeFileSync(path.join(upload, "1e9f8815-p1.png"), smallPng);
  const second = await migrateInto(app, source, { media });
  assert.deepEqual(countsOf(second)["uploaded files"], [7, 1, 5, 1]);
  assert.equal((await storedOwners(app.database)).length, 6);
});

test("moving in: a dry run tells of the files, and brings none", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const report = await migrateInto(app, source, { media: addMedia(source), dry_run: true });
  assert.deepEqual(countsOf(report)["uploaded files"], [7, 7, 0, 0]);
  assert.deepEqual(await storedOwners(app.database), []);
});

test("moving in: files of projects that get new ids are found at the addresses of their tasks", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const { browser, user } = await app.signedIn();
  for (const title of ["One", "Two", "Three"]) await addProject(app, user, { title });

  await migrateInto(app, source, { media: addMedia(source), into_existing: true });

  const datas: string[] = await app.database("tasks").where("data", "like", "%/data/upload/%").pluck("data");
  assert.equal(datas.length, 6);
  for (const data of datas) {
    const { image } = JSON.parse(data) as { image: string };
    assert.doesNotMatch(image, /^\/data\/upload\/2\//);
    await browser.get(image).expect(200);
  }
});
