import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { startReviews } from "../support/contract.ts";
import { assertRows } from "../support/recorded-rows.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { unzip } from "../support/unzip.ts";

const boxSetup =
  '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="Car"/><Label value="Dog"/></RectangleLabels></View>';

const box = (x: number, label: string) => ({
  from_name: "label",
  to_name: "image",
  type: "rectanglelabels",
  original_width: 4,
  original_height: 2,
  value: { x, y: 20, width: 25, height: 50, rotation: 0, rectanglelabels: [label] },
});

/** Project 1 asks about texts; project 2 has the two recorded boxes on an image; project 3 the same setup, and no task. */
async function start(t: TestHooks) {
  const reviews = await startReviews(t);
  for (let made = 0; made < 2; made++)
    await reviews.script("post", "/api/projects/", { label_config: boxSetup }).expect(201);
  const task = {
    data: { image: "https://example.com/a/b.jpg?x=1" },
    annotations: [{ result: [box(10, "Car"), box(50, "Dog")] }],
  };
  await reviews.script("post", "/api/projects/2/import", [task]).expect(201);
  return reviews;
}

const shared = share(start);

test("recorded exports: a format says what it is for, and is disabled where it does not fit", async () => {
  const { script } = await shared();

  const { body } = await script("get", "/api/projects/1/export/formats").expect(200);

  const find = (wanted: string) => body.find(({ name }: { name: string }) => name === wanted);
  const { description, ...item } = find("JSON_MIN");
  // In our own words.
  assert.match(description, /^One short JSON record for each annotation/);
  assert.deepEqual(item, {
    title: "JSON-MIN",
    link: "https://labelstud.io/guide/export.html#JSON-MIN",
    name: "JSON_MIN",
  });
  const { tags, disabled, link } = find("COCO");
  assert.deepEqual(
    { tags, disabled, link },
    {
      tags: ["image segmentation", "object detection", "keypoints"],
      disabled: true,
      link: "https://labelstud.io/guide/export.html#COCO",
    },
  );
});

test("recorded exports: boxes are a list in JSON_MIN, and its JSON text in CSV", async () => {
  const { script } = await shared();
  const regions = [10, 50].map((x, index) => ({
    x,
    y: 20,
    width: 25,
    height: 50,
    rotation: 0,
    rectanglelabels: [index ? "Dog" : "Car"],
    original_width: 4,
    original_height: 2,
  }));

  const { body } = await script("get", "/api/projects/2/export?exportType=JSON_MIN").expect(200);
  const { text } = await script("get", "/api/projects/2/export?exportType=CSV").expect(200);

  assert.deepEqual(body[0].label, regions);
  const cell = /"(\[\{.*\}\])"/.exec(text)?.[1]?.replaceAll('""', '"') ?? "";
  assert.deepEqual(JSON.parse(cell), regions);
});

test("recorded exports: formats of images come as a zip, and of no tasks as one without images", async () => {
  const { script } = await shared();
  const namesIn = async (project: number, format: string) => {
    const answer = await script("get", `/api/projects/${project}/export?exportType=${format}`).buffer(true).parse(binary).expect(200); // prettier-ignore
    assert.equal(answer.headers["content-type"], "application/zip");
    const name = new RegExp(`^project-${project}-at-\\d{4}(-\\d\\d){4}-[0-9a-f]{8}\\.zip$`);
    assert.match(answer.headers["filename"] ?? "", name);
    return [...unzip(answer.body).keys()].filter((each) => !each.endsWith("/")).toSorted();
  };

  const labels = ["classes.txt", "labels/08e77844__b.txt", "notes.json"];
  assert.deepEqual(await namesIn(2, "YOLO"), labels);
  assert.deepEqual(await namesIn(2, "YOLO_OBB"), labels);
  assert.deepEqual(await namesIn(2, "COCO"), ["result.json"]);
  assert.deepEqual(await namesIn(2, "VOC"), ["Annotations/08e77844__b.xml"]);
  assert.deepEqual(await namesIn(3, "YOLO"), ["classes.txt", "notes.json"]);
  assert.deepEqual(await namesIn(3, "COCO"), ["result.json"]);
});

for (const format of [
  "yolo",
  "SPACY",
  "JSONL",
  "COCO_WITH_IMAGES",
  "YOLO_WITH_IMAGES",
  "YOLO_OBB_WITH_IMAGES",
  "BRUSH_TO_NUMPY",
  "BRUSH_TO_PNG",
  "BRUSH_TO_COCO",
  "DOCLANG",
])
  // prettier-ignore
  test(`recorded exports: ${format} is refused with the formats that there are, in exports and snapshots`, async (t) => {
    const { script } = await start(t);
    const sentence = `${format} is not supported export format. Use one of JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, VOC, YOLO, YOLO_OBB, ASR_MANIFEST; label-studio-converter makes others of JSON.`;
    const at = "/api/projects/2/export";

    await assertRows(script, [
      { ask: `GET ${at}?exportType=${format}`, status: 400, errors: { exportType: [sentence] } },
      { ask: `POST ${at}s/`, body: {}, status: 201 },
      { ask: `GET ${at}s/1/download?exportType=${format}`, status: 400, errors: { exportType: [sentence] } },
      { ask: `POST ${at}s/1/convert`, body: { export_type: format }, status: 400, errors: { export_type: [sentence] } },
    ]);
  });

test("recorded exports: a snapshot is converted once to each format, and downloaded as what it is", async (t) => {
  const { script } = await start(t);
  const at = "/api/projects/2/exports";
  const convert = (export_type: string, more = {}) => ({ ask: `POST ${at}/1/convert`, body: { export_type, ...more } });

  await assertRows(script, [
    { ask: `POST ${at}/`, body: {}, status: 201, has: { status: "completed", counters: { task_number: 1 } } },
    { ...convert("YOLO"), status: 200, is: { export_type: "YOLO", converted_format: 1 } },
    {
      ask: `GET ${at}/1`,
      status: 200,
      has: { converted_formats: [{ id: 1, status: "completed", export_type: "YOLO", traceback: null }] },
    },
    { ...convert("YOLO"), status: 400, errors: { non_field_errors: ["Conversion to YOLO already started"] } },
    {
      ...convert("CSV", { download_resources: false }),
      status: 200,
      is: { export_type: "CSV", converted_format: 2 },
    },
  ]);
  for (const [format, type, extension] of [
    ["JSON", "application/json; charset=utf-8", "json"],
    ["YOLO", "application/zip", "zip"],
    ["CSV", "text/csv; charset=utf-8", "csv"],
  ] as const) {
    const { headers } = await script("get", `${at}/1/download?exportType=${format}`).expect(200);
    assert.equal(headers["content-type"], type);
    const name = `^attachment; filename="project-2-at-\\d{4}(-\\d\\d){4}-[0-9a-f]{8}\\.${extension}"$`;
    assert.match(headers["content-disposition"] ?? "", new RegExp(name));
  }
});

/** Reads a file as it is, which supertest would take for text. */
function binary(response: object, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(null, Buffer.concat(chunks)));
}
