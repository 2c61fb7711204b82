import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, labeled, startExport } from "../support/exports.ts";
import type { ExportApp } from "../support/exports.ts";
import { addProject, addTasks } from "../support/projects.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { unzip } from "../support/unzip.ts";

/** The fields of the annotation that tests compare. */
async function annotationOf({ repositories, tasks }: ExportApp) {
  const [annotation] = await repositories.annotations.listByTasks([tasks[0].id]);
  assert.ok(annotation);
  return annotation;
}

test("export: JSON is as it was recorded, field by field and in the same order", async (t) => {
  const app = await startExport(t);
  const { project, tasks, owner } = app;
  const annotation = await annotationOf(app);
  const task = await app.repositories.tasks.find(tasks[0].id);

  const { body, text } = await app.ask("export?exportType=JSON").expect(200);

  const expected = [
    {
      id: task?.id,
      annotations: [
        {
          id: annotation.id,
          completed_by: owner.user.id,
          result: answer,
          was_cancelled: false,
          ground_truth: false,
          created_at: annotation.created_at,
          updated_at: annotation.updated_at,
          draft_created_at: null,
          lead_time: 1.5,
          prediction: {},
          result_count: 1,
          unique_id: annotation.unique_id,
          import_id: null,
          last_action: null,
          bulk_created: false,
          task: task?.id,
          project: project.id,
          updated_by: owner.user.id,
          parent_prediction: null,
          parent_annotation: null,
          last_created_by: null,
        },
      ],
      drafts: [],
      predictions: [],
      data: { text: "good" },
      meta: {},
      created_at: task?.created_at,
      updated_at: task?.updated_at,
      allow_skip: true,
      inner_id: 1,
      total_annotations: 1,
      cancelled_annotations: 0,
      total_predictions: 0,
      comment_count: 0,
      unresolved_comment_count: 0,
      last_comment_updated_at: null,
      project: project.id,
      updated_by: owner.user.id,
      comment_authors: [],
    },
  ];
  assert.deepEqual(body, expected);
  assert.equal(text, JSON.stringify(expected));
});

test("export: JSON_MIN is as it was recorded, with and without tasks that nobody labeled", async (t) => {
  const app = await startExport(t);
  const { id, created_at, updated_at } = await annotationOf(app);
  const good = {
    text: "good",
    id: app.tasks[0].id,
    label: "pos",
    annotator: app.owner.user.id,
    annotation_id: id,
    created_at,
    updated_at,
    lead_time: 1.5,
  };
  const nobody = { annotator: null, annotation_id: null, created_at: null, updated_at: null, lead_time: null };

  const some = await app.ask("export?exportType=JSON_MIN").expect(200);
  const all = await app.ask("export?exportType=JSON_MIN&download_all_tasks=true").expect(200);

  assert.deepEqual(some.body, [good]);
  assert.deepEqual(all.body, [good, { text: "unlabelled", id: app.tasks[1].id, ...nobody }]);
});

for (const [format, separator] of [
  ["CSV", ","],
  ["TSV", "\t"],
] as const)
  test(`export: ${format} is as it was recorded`, async (t) => {
    const app = await startExport(t);
    const { id, created_at, updated_at } = await annotationOf(app);
    const names = ["annotation_id", "annotator", "created_at", "id", "label", "lead_time", "text", "updated_at"];
    const row = [id, `"${app.owner.user.id}"`, `"${created_at}"`, app.tasks[0].id, '"pos"', "1.5", '"good"'];

    const { text } = await app.ask(`export?exportType=${format}`).expect(200);

    const lines = [names.map((name) => `"${name}"`), [...row, `"${updated_at}"`]];
    assert.equal(text, lines.map((line) => `${line.join(separator)}\r\n`).join(""));
  });

const types = {
  JSON: ["json", "application/json; charset=utf-8"],
  JSON_MIN: ["json", "application/json; charset=utf-8"],
  CSV: ["csv", "text/csv; charset=utf-8"],
  TSV: ["csv", "text/tab-separated-values; charset=utf-8"],
};

for (const [format, [extension, type]] of Object.entries(types))
  test(`export: ${format} is a file with a name and its own type, also for HEAD`, async (t) => {
    const { ask, project } = await startExport(t);
    const name = new RegExp(`^project-${project.id}-at-\\d{4}(-\\d\\d){4}-[0-9a-f]{8}\\.${extension}$`);

    for (const method of ["get", "head"] as const) {
      const { headers, text } = await ask(`export?exportType=${format}`, method).expect(200);
      assert.equal(headers["content-type"], type);
      assert.match(headers.filename ?? "", name);
      assert.equal(headers["content-disposition"], `attachment; filename="${headers.filename}"`);
      assert.equal(headers.allow, "GET, HEAD, OPTIONS");
      if (method === "head") assert.ok(!text);
    }
  });

test("export: export_type says the format, too, exportType counts more, and JSON is the usual one", async (t) => {
  const { ask } = await startExport(t);
  const type = async (query: string) => (await ask(`export${query}`).expect(200)).type;

  assert.match(await type("?export_type=CSV"), /^text\/csv$/);
  assert.match(await type("?export_type=CSV&exportType=TSV"), /^text\/tab/);
  assert.match(await type("?export_type=CSV&exportType="), /^text\/csv$/);
  assert.match(await type(""), /^application\/json/);
});

test("export: ids select tasks, in each notation; those of other projects are ignored", async (t) => {
  const app = await startExport(t);
  const [third] = await addTasks(app, app.project, ["third"]);
  const [elsewhere] = await addTasks(app, await addProject(app, app.owner.user), ["elsewhere"]);
  const [one, two, three, other] = [...app.tasks, third, elsewhere].map((task) => task?.id);
  const ids = async (query: string) => {
    const { body } = await app.ask(`export?download_all_tasks=true&${query}`).expect(200);
    return body.map(({ id }: { id: number }) => id);
  };

  assert.deepEqual(await ids(`ids[]=${one}&ids[]=${three}`), [one, three]);
  assert.deepEqual(await ids(`ids=${three}&ids=${one}`), [one, three]);
  assert.deepEqual(await ids(`ids=${one},${two}&ids[]=${three}`), [one, two, three]);
  assert.deepEqual(await ids(`ids[]=${two}&ids[]=${other}&ids[]=99999999999`), [two]);
  assert.deepEqual(await ids("ids="), [one, two, three]);
  assert.deepEqual((await app.ask(`export?ids=${two}`)).body, []);
});

test("export: skipped tasks are among the annotated ones, in JSON with their skips", async (t) => {
  const app = await startExport(t);
  const { annotations } = app.repositories;
  await annotations.create(app.tasks[1].id, app.owner.user.id, { was_cancelled: true });

  const json = await app.ask("export").expect(200);
  const min = await app.ask("export?exportType=JSON_MIN").expect(200);

  assert.deepEqual(
    json.body.map((task: { annotations: { was_cancelled: boolean }[] }) => task.annotations[0]?.was_cancelled),
    [false, true],
  );
  assert.deepEqual(
    min.body.map(({ text }: { text: string }) => text),
    ["good"],
  );
});

test("export: one's own drafts stand in it whole, those of others not at all, predictions by their ids", async (t) => {
  const app = await startExport(t);
  const { user, script } = await app.member("ben@example.com");
  const [task] = app.tasks;
  const draft = await app.repositories.drafts.create(task.id, null, user.id, { result: labeled.result });
  const prediction = await app.repositories.predictions.create(task.id, {});

  const { body: others } = await app.ask("export").expect(200);
  const { body } = await script("get", `/api/projects/${app.project.id}/export`).expect(200);

  assert.deepEqual(others[0].drafts, []);
  const [{ id, user: of, result, task: about }] = body[0].drafts;
  assert.deepEqual([id, of, result, about], [draft.id, "ben@example.com", answer, task.id]);
  assert.deepEqual(body[0].predictions, [prediction?.id]);
});

test("export: results and data are given back to the digit", async (t) => {
  const app = await startExport(t);
  const stored = '{"z":1.0,"a":12345678901234567890,"é":"\\u2028"}';
  const task = await app.repositories.tasks.create(app.project, { data: stored, meta: '{"m":1e2}' }, 1);
  const result = '[{"from_name":"label","value":{"choices":["pos"],"n":2.50}}]';
  await app.repositories.annotations.create(task.id, app.owner.user.id, { result });

  const { text } = await app.ask(`export?ids=${task.id}`).expect(200);

  assert.ok(text.includes(`"data":${stored}`));
  assert.ok(text.includes('"meta":{"m":1e2}'));
  assert.ok(text.includes(`"result":${result}`));
});

test("export: works after the user who created the project or an annotation is deleted", async (t) => {
  const app = await startExport(t);
  const { user } = await app.member();
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, ["one"]);
  await app.repositories.annotations.create(task?.id ?? 0, user.id, labeled);
  await app.owner.script("delete", `/api/users/${user.id}/`).expect(204);

  for (const format of Object.keys(types)) {
    const path = `/api/projects/${project.id}/export?exportType=${format}`;
    const { body, text } = await app.owner.script("get", path).expect(200);
    if (format === "JSON") assert.equal(body[0].annotations[0].completed_by, null);
    else if (format === "JSON_MIN") assert.equal(body[0].annotator, null);
    else assert.equal(text.trim().split("\r\n").length, 2);
  }
});

test("export: a project without tasks is an empty list, or a table with the default columns", async (t) => {
  const app = await startExport(t);
  const { id } = await addProject(app, app.owner.user);
  const ask = (format: string) =>
    app.owner.script("get", `/api/projects/${id}/export?exportType=${format}`).expect(200);

  assert.deepEqual((await ask("JSON")).body, []);
  assert.deepEqual((await ask("JSON_MIN")).body, []);
  assert.equal((await ask("CSV")).text, '"annotation_id","annotator","created_at","lead_time","updated_at"\r\n');
});

test("export: what can't be answered says what to do", async (t) => {
  const { ask, owner, anonymous, project } = await startExport(t);
  const unknown = [
    "NOPE is not supported export format. Use one of JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, VOC, YOLO, YOLO_OBB, ASR_MANIFEST; label-studio-converter makes others of JSON.",
  ];

  assertInvalid(await ask("export?exportType=NOPE"), { exportType: unknown });
  assertInvalid(await ask("export?export_type=NOPE"), { export_type: unknown });
  assertInvalid(await ask("export?download_all_tasks=maybe"), { download_all_tasks: ["Must be a valid boolean."] });
  assertInvalid(await ask("export?ids=1&ids=x"), { ids: ["A valid integer is required."] });
  assertInvalid(await ask("export?ids[]=1.5"), { "ids[]": ["A valid integer is required."] });
  const none = { status: 404, detail: "No Project matches the given query." };
  assertRefused(await owner.script("get", "/api/projects/9999/export?exportType=JSON"), none);
  assert.equal((await anonymous("get", `/api/projects/${project.id}/export`)).status, 401);
});

test("export: the formats are listed as Label Studio lists them, with those that do not fit the setup", async (t) => {
  const { ask, owner } = await startExport(t);

  const { body } = await ask("export/formats").expect(200);

  assert.deepEqual(
    body.map(({ name, title, disabled }: Record<string, unknown>) => [name, title, disabled]),
    [
      ["JSON", "JSON", undefined],
      ["JSON_MIN", "JSON-MIN", undefined],
      ["CSV", "CSV", undefined],
      ["TSV", "TSV", undefined],
      ["CONLL2003", "CONLL2003", true],
      ["COCO", "COCO", true],
      ["COCO_WITH_IMAGES", "COCO with Images", true],
      ["VOC", "Pascal VOC XML", true],
      ["YOLO", "YOLO", true],
      ["YOLO_WITH_IMAGES", "YOLO with Images", true],
      ["YOLO_OBB", "YOLOv8 OBB", true],
      ["YOLO_OBB_WITH_IMAGES", "YOLOv8 OBB with Images", true],
      ["BRUSH_TO_NUMPY", "Brush labels to NumPy", true],
      ["BRUSH_TO_PNG", "Brush labels to PNG", true],
      ["ASR_MANIFEST", "ASR Manifest", true],
      ["BRUSH_TO_COCO", "Brush labels to COCO", true],
      ["DOCLANG", "DocLang (.dclx)", true],
    ],
  );
  assert.equal(body[0].link, "https://labelstud.io/guide/export.html#JSON");
  assert.deepEqual([body[0].tags, body[5].tags], [undefined, ["image segmentation", "object detection", "keypoints"]]);
  assertRefused(await owner.script("get", "/api/projects/9999/export/formats"), {
    status: 404,
    detail: "No Project matches the given query.",
  });
});

const boxSetup =
  '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image"><Label value="Car"/></RectangleLabels></View>';

test("export: a project of boxes comes as a zip, and what does not fit a setup is refused", async (t) => {
  const { ask, owner, repositories } = await startExport(t);
  const misfit = ["YOLO doesn't fit the labeling setup of this project. Use one of JSON, JSON_MIN, CSV, TSV."];
  assertInvalid(await ask("export?exportType=YOLO"), { exportType: misfit });
  await ask("exports/", "post", {}).expect(201);
  assertInvalid(await ask("exports/1/convert", "post", { export_type: "YOLO" }), { export_type: misfit });
  assertInvalid(await ask("exports/1/download?exportType=YOLO"), { exportType: misfit });

  const { body: project } = await owner.script("post", "/api/projects/", { label_config: boxSetup }).expect(201);
  const at = `/api/projects/${project.id}`;
  const value = { x: 10, y: 20, width: 25, height: 50, rotation: 0, rectanglelabels: ["Car"] };
  const region = { from_name: "box", to_name: "image", type: "rectanglelabels", value };
  const task = { data: { image: "https://example.com/a/b.jpg?x=1" }, annotations: [{ result: [region] }] };
  await owner.script("post", `${at}/import`, [task]).expect(201);
  assert.equal((await repositories.projects.find(project.id))?.task_number, 1);
  const labels = async (path: string) => {
    const { body, headers } = await owner.script("get", path).buffer(true).parse(binary).expect(200);
    assert.equal(headers["content-type"], "application/zip");
    assert.match(
      headers["content-disposition"] ?? "",
      /^attachment; filename="project-\d+-at-[\d-]+-[0-9a-f]{8}\.zip"$/,
    );
    return String(unzip(body).get("labels/08e77844__b.txt"));
  };

  assert.equal(await labels(`${at}/export?exportType=YOLO`), "0 0.225 0.45 0.25 0.5\n");
  const { body: snapshot } = await owner.script("post", `${at}/exports/`, {}).expect(201);
  const download = `${at}/exports/${snapshot.id}/download?exportType=YOLO`;
  assert.equal(await labels(download), "0 0.225 0.45 0.25 0.5\n");
  await owner.script("post", `${at}/exports/${snapshot.id}/convert`, { export_type: "YOLO" }).expect(200);
  assert.equal(await labels(download), "0 0.225 0.45 0.25 0.5\n");
});

/** Reads a file as it is, which supertest would take for text. */
function binary(response: object, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(null, Buffer.concat(chunks)));
}
