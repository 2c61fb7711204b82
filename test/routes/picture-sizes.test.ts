import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { jpeg, withComment } from "../support/images.ts";
import { startLabeling } from "../support/labeling.ts";
import { read } from "../support/pages.ts";

const setup = '<Image name="img" value="$image"/><RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>'; // prettier-ignore

/** EXIF data that puts a picture on its side. */
const onItsSide = Buffer.from("ffe100224578696600004d4d002a00000008000101120003000000010006000000000000", "hex");

/** What a label page says of the size of an uploaded picture: that of its button 320 pixels wide, or that it is not known. */
async function shownSizes(t: Parameters<typeof startApp>[0], files: Buffer[]): Promise<(string | undefined)[]> {
  const app = await startApp(t);
  const { project, browser } = await startLabeling(app, setup, []);
  const sizes = [];
  for (const file of files) {
    const import_ = `/api/projects/${project.id}/import?commit_to_project=false`;
    const { body } = await browser.post(import_).attach("file", file, "a.jpg").expect(201);
    const { body: stored } = await browser.get(`/api/import/file-upload/${body.file_upload_ids[0]}`).expect(200);
    const task = { project: project.id, data: { image: `/data/${stored.file}` } };
    const { body: created } = await browser.post("/api/tasks/").send(task).expect(201);
    const page = read(await browser.get(`/projects/${project.id}/tasks/${created.id}/label`).expect(200));
    sizes.push(page('[type="image"][width="320"]').attr("height"));
  }
  return sizes;
}

test("picture sizes: those of uploaded files are read from their first bytes, as EXIF turns them", async (t) => {
  const image = await jpeg(40, 30);
  const turned = Buffer.concat([image.subarray(0, 2), onItsSide, image.subarray(2)]);
  const behindColors = withComment(image, Buffer.alloc(200_000));
  const tooFar = withComment(image, Buffer.alloc(1_100_000));
  const broken = Buffer.from("no picture");

  const sizes = await shownSizes(t, [image, turned, behindColors, tooFar, broken]);

  assert.deepEqual(sizes, ["240", "427", "240", undefined, undefined]);
});
