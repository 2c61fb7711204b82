import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { startExport } from "../support/exports.ts";
import { addProject } from "../support/projects.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const rejectedBodies: [what: string, body: object, errors: Record<string, string[]>][] = [
  ["a long title", { title: "x".repeat(2049) }, { title: ["Ensure this field has no more than 2048 characters."] }],
  ["no title", { title: null }, { title: ["This field may not be null."] }],
  [
    "an unknown choice",
    { task_filter_options: { skipped: "nope" } },
    { task_filter_options: ['skipped: "nope" is not a valid choice.'] },
  ],
  [
    "a view that is not there",
    { task_filter_options: { view: 5 } },
    { task_filter_options: ["view: The project has no view 5."] },
  ],
  [
    "a filter that is text",
    { task_filter_options: "x" },
    { task_filter_options: ["Invalid data. Expected a dictionary, but got str."] },
  ],
  ["a filter that is null", { task_filter_options: null }, { task_filter_options: ["This field may not be null."] }],
  [
    "what is no boolean",
    { annotation_filter_options: { usual: "maybe" } },
    { annotation_filter_options: ["usual: Must be a valid boolean."] },
  ],
  [
    "several mistakes",
    { serialization_options: { drafts: { only_id: "maybe" }, predictions: 3 } },
    {
      serialization_options: [
        "drafts: only_id: Must be a valid boolean.",
        "predictions: Invalid data. Expected a dictionary, but got int.",
      ],
    },
  ],
];

for (const [what, body, errors] of rejectedBodies)
  test(`snapshot refusals: ${what} is a 400 that names the field, and nothing is created`, async (t) => {
    const { ask, repositories, project } = await startExport(t);

    assertInvalid(await ask("exports/", "post", body), errors);

    assert.deepEqual(await repositories.exports.list(project.id), []);
  });

test("snapshot refusals: there is none of another project, or of one that is not there", async (t) => {
  const app = await startExport(t);
  await app.ask("exports/", "post", {}).expect(201);
  const other = await addProject(app, app.owner.user);
  const noExport = { status: 404, detail: "No Export matches the given query." };
  const noProject = { status: 404, detail: "No Project matches the given query." };

  for (const [method, part, body] of [
    ["get", ""],
    ["delete", ""],
    ["get", "/download"],
    ["post", "/convert", { export_type: "CSV" }],
  ] as const) {
    const ask = (place: string) => app.owner.script(method, `/api/projects/${place}${part}`, body);
    assertRefused(await ask(`${other.id}/exports/1`), noExport);
    assertRefused(await ask(`${app.project.id}/exports/99`), noExport);
    assertRefused(await ask("99/exports/1"), noProject);
  }
  assertRefused(await app.owner.script("get", "/api/projects/99/exports/"), noProject);
  assertRefused(await app.owner.script("post", "/api/projects/99/exports/", {}), noProject);
  await app.ask("exports/1").expect(200);
});

test("snapshot refusals: one that is not ready says so", async (t) => {
  const { ask, repositories, project, owner } = await startExport(t);
  const newExport = { project_id: project.id, created_by_id: owner.user.id, title: "Slow", options: {} };
  const { id } = await repositories.exports.create(newExport);
  const lease = await repositories.leases.acquire({ kind: "exports", id }, minutesFromNow(1));
  assert.ok(lease);

  for (const status of ["created", "in_progress", "failed"]) {
    if (status === "in_progress") await repositories.exports.start(lease);
    if (status === "failed") await repositories.exports.fail(lease);
    assert.equal((await ask(`exports/${id}`)).body.status, status);
    assertRefused(await ask(`exports/${id}/download`), { status: 404, detail: "Export is not completed" });
    assertInvalid(await ask(`exports/${id}/convert`, "post", { export_type: "CSV" }), {
      non_field_errors: ["Export is not completed"],
    });
  }
});

test("snapshot refusals: a format is converted to once, and only a known one", async (t) => {
  const { ask, database } = await startExport(t);
  await ask("exports/", "post", {}).expect(201);
  const convert = (body: object) => ask("exports/1/convert", "post", body);
  const unknown =
    "NOPE is not supported export format. Use one of JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, VOC, YOLO, YOLO_OBB, ASR_MANIFEST; label-studio-converter makes others of JSON.";

  assertInvalid(await convert({ export_type: "NOPE" }), { export_type: [unknown] });
  assertInvalid(await convert({}), { export_type: ["This field is required."] });
  assertInvalid(await convert({ export_type: "CSV", download_resources: "x" }), {
    download_resources: ["Must be a valid boolean."],
  });
  assertInvalid(await ask("exports/1/download?exportType=NOPE"), { exportType: [unknown] });
  assert.equal((await convert({ export_type: "CSV" })).body.converted_format, 1);
  assertInvalid(await convert({ export_type: "CSV" }), { non_field_errors: ["Conversion to CSV already started"] });
  await database("export_conversions").where({ id: 1 }).update({ status: "failed" });
  assert.ok((await convert({ export_type: "CSV" }).expect(200)).body.converted_format > 1);
});

test("snapshot refusals: a file that is not there is a 404", async (t) => {
  const { ask, database } = await startExport(t);
  await ask("exports/", "post", {}).expect(201);
  await database("stored_files").delete();
  const fileGone = { status: 404, detail: "The file of this export is gone: make a new one." };

  assertRefused(await ask("exports/1/download"), fileGone);
  assertRefused(await ask("exports/1/download?exportType=CSV"), fileGone);
  await ask("exports/1", "delete").expect(204);
});
