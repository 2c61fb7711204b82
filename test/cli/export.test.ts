import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { packageRoot } from "../../src/common/package.ts";
import { openShell, openShellInProcess } from "../support/command.ts";
import { textSetup } from "../support/imports.ts";
import { copyTask } from "../support/tables.ts";
import { storedText } from "../support/stored.ts";
import { unzip } from "../support/unzip.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

const program = path.join(packageRoot, "dist", "cli", "index.js");

/** A shell with a project of two tasks, one of them labeled by Ada, with a draft and a prediction. */
async function start(t: TestContext, open = openShellInProcess) {
  const shell = open(t);
  const repositories = await shell.openRepositories();
  const { users, projects, tasks, annotations, drafts, predictions } = repositories;
  const ada = await users.create({ email: "ada@example.com" });
  await users.update(ada.id, { first_name: "Ada", last_name: "Lovelace", phone: "" });
  const project = await projects.create(1, ada.id, { title: "Reviews", label_config: textSetup });
  const good = await tasks.create(project, { data: '{"text":"good","n":1.0}', meta: "{}" }, 1);
  await tasks.create(project, { data: '{"text":"unlabelled"}', meta: "{}" }, 1);
  const result = '[{"from_name":"label","to_name":"text","type":"choices","value":{"choices":["pos"]}}]';
  const annotation = await annotations.create(good.id, ada.id, { result, lead_time: 1.5 });
  assert.ok(annotation);
  await drafts.create(good.id, null, ada.id, {});
  await predictions.create(good.id, {});
  const out = path.join(shell.home, "out");
  mkdirSync(out);
  return { ...shell, repositories, ada, project, annotation, out };
}

const exported = /^Project exported successfully: (.*)\n$/;

test("export: a file with a name of its own comes into the data folder, for its owner alone, and its place is printed", async (t) => {
  const { run, config } = await start(t, openShell);

  const { code, stdout, stderr } = await run(["export", "1", "JSON"]);

  const file = exported.exec(stdout)?.[1] ?? "";
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(path.dirname(file), path.join(config.data_dir, "export"));
  assert.match(path.basename(file), /^project-1-at-\d{4}(-\d\d){4}-[0-9a-f]{8}\.json$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 2);
});

test("export: JSON has all tasks, people whole, drafts and predictions by their ids", async (t) => {
  const { run, out, ada, annotation } = await start(t);
  const file = path.join(out, "all.json");

  await run(["export", "1", "JSON", "--export-path", file]);

  const [good, unlabelled] = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(good.annotations[0].completed_by, {
    id: ada.id,
    email: "ada@example.com",
    first_name: "Ada",
    last_name: "Lovelace",
  });
  assert.equal(good.annotations[0].unique_id, annotation.unique_id);
  assert.deepEqual([good.drafts, good.predictions], [[1], [1]]);
  assert.deepEqual(unlabelled.annotations, []);
});

test("export: CSV names people by their email, and the format may be written in any case", async (t) => {
  const { run, out, annotation } = await start(t);
  const file = path.join(out, "all.csv");

  const { code, stdout } = await run(["export", "--export-path", file, "1", "csv"]);

  assert.deepEqual([code, stdout], [0, `Project exported successfully: ${file}\n`]);
  assert.deepEqual(readFileSync(file, "utf8").trimEnd().split("\r\n"), [
    '"annotation_id","annotator","created_at","id","label","lead_time","n","text","updated_at"',
    `1,"ada@example.com","${annotation.created_at}",1,"pos",1.5,1.0,"good","${annotation.updated_at}"`,
    '"","","",2,"","","","unlabelled",""',
  ]);
});

test("export: the context says what else is written whole", async (t) => {
  const { run, out } = await start(t);
  const context = '{"drafts": {"only_id": false}, "annotations__completed_by": {"only_id": true}}';

  await run(["export", "1", "JSON", "--export-path", out, "--export-serializer-context", context]);

  const [name = ""] = readdirSync(out);
  const [good] = JSON.parse(readFileSync(path.join(out, name), "utf8"));
  assert.match(name, /^project-1-at-.*\.json$/);
  assert.equal(good.annotations[0].completed_by, 1);
  assert.equal(good.drafts[0].user, "ada@example.com");
});

test("export: a file that is there is replaced, through a link, too, and nothing else is left beside it", async (t) => {
  const { run, out } = await start(t);
  const [file, link] = [path.join(out, "old.json"), path.join(out, "link.json")];
  writeFileSync(file, "old");
  symlinkSync(file, link);

  assert.equal((await run(["export", "1", "JSON", "--export-path", link])).code, 0);

  assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 2);
  assert.deepEqual(readdirSync(out), ["link.json", "old.json"]);
  assert.notEqual(statSync(link).size, 3);
});

test("export: a pipe is written to as it is", { skip: process.platform === "win32" }, async (t) => {
  const { run, out } = await start(t);
  const pipe = path.join(out, "pipe");
  execFileSync("mkfifo", [pipe]);

  const [read, { code, stdout }] = await Promise.all([
    readFile(pipe, "utf8"),
    run(["export", "1", "JSON_MIN", "--export-path", pipe]),
  ]);

  assert.deepEqual([code, stdout], [0, ""]);
  assert.equal(JSON.parse(read).length, 2);
});

test("export: a file that is there is replaced, but not with --no-overwrite, and never the database", async (t) => {
  const { run, out, config } = await start(t);
  const file = path.join(out, "all.json");
  const command = ["export", "1", "JSON", "--export-path"];

  const first = await run([...command, file, "--no-overwrite", "--json"]);
  assert.deepEqual([first.code, JSON.parse(first.stdout)], [0, { file }]);
  writeFileSync(file, "before");
  const refused = await run([...command, file, "--no-overwrite"]);
  assert.deepEqual([refused.code, refused.stdout, readFileSync(file, "utf8")], [1, "", "before"]);
  assert.match(refused.stderr, /all\.json already exists, and was left as it is\. Choose another name\.\n$/);
  assert.equal((await run([...command, file])).code, 0);
  assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 2);

  const database = await run([...command, path.join(config.data_dir, "label_studio.sqlite3")]);
  assert.equal(database.code, 1);
  assert.match(database.stderr, /already exists, and was left as it is/);
  assert.equal((await run(["check"])).code, 0);
});

test("export: a project of boxes becomes a zip", async (t) => {
  const { run, out, project, repositories } = await start(t);
  const label_config = `<View><Image name="i" value="$i"/><RectangleLabels name="box" toName="i"><Label value="Car"/></RectangleLabels></View>`;
  await repositories.projects.update(project.id, { label_config });
  await repositories.tasks.create(project, { data: '{"i":"s3://b/car.png"}', meta: "{}" }, 1);

  const { stdout } = await run(["export", "1", "YOLO", "--export-path", out]);

  const file = exported.exec(stdout)?.[1] ?? "";
  assert.match(file, /\.zip$/);
  const files = unzip(readFileSync(file));
  assert.equal(String(files.get("classes.txt")), "Car\n");
  assert.equal(String(files.get("labels/car.txt")), "");
});

const refusals: [what: string, args: string[], message: RegExp][] = [
  ["an unknown project", ["9", "JSON"], /^There is no project 9 in \S+\.\n$/],
  ["what is no id", ["Reviews", "JSON"], /^There is no project Reviews in /],
  ["an unknown format", ["1", "NOPE"], /^NOPE is not supported export format\. Use one of JSON, JSON_MIN, /],
  [
    "a format that does not fit the setup",
    ["1", "COCO"],
    /^COCO doesn't fit .* Use one of JSON, JSON_MIN, CSV, TSV\.$/m,
  ],
  [
    "a folder that is not there",
    ["1", "CSV", "--export-path", "nowhere/a.csv"],
    /^Can't write .*nowhere\/a\.csv \(ENOENT\)\. Choose/,
  ],
  [
    "a context that is no JSON",
    ["1", "CSV", "--export-serializer-context", "{"],
    /^--export-serializer-context: Invalid/,
  ],
  [
    "a context that is wrong",
    ["1", "CSV", "--export-serializer-context", '{"drafts": 1}'],
    /^--export-serializer-context: drafts: Invalid data\. Expected a dictionary, but got int\.\n$/,
  ],
];

for (const [what, args, message] of refusals)
  test(`export: ${what} is told on standard error, with exit code 1`, async (t) => {
    const { run } = await start(t);

    const { code, stdout, stderr } = await run(["export", ...args]);

    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, message);
    assert.match(stderr, /^[^\n]+\n$/);
  });

test("export: without a project or a format it is not understood", async (t) => {
  const { run } = openShellInProcess(t);

  for (const args of [[], ["1"]]) {
    const { code, stderr } = await run(["export", ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /^label-studio: error: missing required argument/);
  }
});

test("export: one that is stopped leaves nothing half written, and the file that was there", async (t) => {
  const { config, env, out, openDatabase } = await start(t);
  await copyTask(await openDatabase(), 2, 30_000);
  const file = path.join(out, "all.json");
  writeFileSync(file, "before");
  const args = [program, "export", "1", "JSON", "--export-path", file, "--data-dir", config.data_dir];

  const child = spawn(process.execPath, args, { env });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(child, "close");
  await waitUntil("the export has begun its file", () => readdirSync(out).length > 1 || child.exitCode !== null);
  child.kill("SIGTERM");
  const [code] = await waitFor("the end of the export", closed);

  assert.deepEqual([code, said], [1, "Stopped: nothing was exported.\n"]);
  assert.deepEqual(readdirSync(out), ["all.json"]);
  assert.equal(readFileSync(file, "utf8"), "before");
});

test("export: works while the server runs, which goes on with a snapshot that a crash has cut off", async (t) => {
  const { run, serve, repositories, project, ada } = await start(t);
  const wanted = { project_id: project.id, created_by_id: ada.id, title: "Cut off", options: {} };
  const { id } = await repositories.exports.create(wanted);
  const held = await repositories.leases.acquire({ kind: "exports", id }, minutesFromNow(-1));
  assert.ok(held);
  await repositories.exports.start(held);

  await serve(["start", "--no-browser", "--port", "0"]);
  const { code } = await run(["export", "1", "TSV"]);

  assert.equal(code, 0);
  await waitUntil(
    "the snapshot is completed",
    async () => (await repositories.exports.find(id))?.status === "completed",
  );
  const snapshot = (await storedText(repositories, { export_id: id })) ?? "";
  assert.equal(JSON.parse(snapshot).length, 2);
});
