import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { startLabeling } from "../support/labeling.ts";
import { read } from "../support/pages.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const series = (tag: string) =>
  `<TimeSeries name="o" value="$ts" timeColumn="time" ${tag}><Channel column="v"/></TimeSeries><Rating name="c" toName="o"/>`;

const csv = "time,v\n0,1\n5,3\n10,2\n";

/** A project that asks about a series, and who labels it. */
async function start(t: TestContext, settings = {}, tag = 'valueType="url"') {
  const app = await startApp(t, settings);
  const { project, browser } = await startLabeling(app, series(tag), []);
  const { base_path } = app.config;
  const add = async (ts: unknown): Promise<number> =>
    (await browser.post(`${base_path}/api/tasks/`).send({ project: project.id, data: { ts } }).expect(201)).body.id;
  const pageOf = async (id: number, page = "/label") =>
    read(await browser.get(`${base_path}/projects/${project.id}/tasks/${id}${page}`).expect(200));
  return { ...app, project, browser, add, pageOf };
}

/** Uploads a file without importing it, and returns its address. */
async function upload(
  browser: Browser,
  content: string | Buffer,
  { base_path = "", name = "ts.csv" } = {},
): Promise<string> {
  const { body } = await browser
    .post(`${base_path}/api/projects/1/import?commit_to_project=false`)
    .attach("file", Buffer.from(content), name)
    .expect(201);
  const [id] = body.file_upload_ids;
  const { body: stored } = await browser.get(`${base_path}/api/import/file-upload/${id}`).expect(200);
  return `/data/${stored.file}`;
}

test("stored series: one of an uploaded file is drawn on the pages of its task, with a link to the file", async (t) => {
  const { browser, add, pageOf } = await start(t);
  const address = await upload(browser, csv);
  const id = await add(address);

  for (const page of [await pageOf(id), await pageOf(id, "")]) {
    assert.equal(page(".series path").attr("d"), "M0 200L500 0L1000 100");
    assert.equal(page("a[target]:contains('Open the series')").attr("href"), address);
    assert.match(page("details:has(table)").text(), /3 rows as a table/);
    assert.doesNotMatch(page("main").text(), /drawn/);
  }
});

test("stored series: one is found below a base path, too, and as UTF-16", async (t) => {
  const { browser, add, pageOf } = await start(t, { base_path: "/labels" });
  const address = await upload(browser, Buffer.from(`\uFEFF${csv}`, "utf16le"), { base_path: "/labels" });

  const page = await pageOf(await add(address));

  assert.equal(page(".series path").attr("d"), "M0 200L500 0L1000 100");
  assert.equal(page("a[target]").attr("href"), `/labels${address}`);
});

test("stored series: one of a local file is drawn where a storage has its folder, and nothing else is read", async (t) => {
  const root = realpathSync(temporaryFolder(t));
  for (const folder of ["ts", "private"]) {
    mkdirSync(path.join(root, folder));
    writeFileSync(path.join(root, folder, "a b.csv"), csv);
  }
  const { browser, add, pageOf, project } = await start(t, { local_files_root: root });
  const storage = { project: project.id, path: path.join(root, "ts"), use_blob_urls: true };
  await browser.post("/api/storages/localfiles/").send(storage).expect(201);
  const shown = async (d: string) => pageOf(await add(`/data/local-files/?d=${d}`));

  assert.equal((await shown("ts/a%20b.csv"))(".series path").length, 1);
  for (const d of ["private/a%20b.csv", "ts/..%2Fprivate/a%20b.csv", "ts/nothing.csv", "", "%00"]) {
    const page = await shown(d);
    assert.equal(page(".series").length, 0, d);
    assert.match(page(".label-data").text(), /The file of this series isn’t here any more\./);
  }
});

test("stored series: what is no series, too large or gone stays a link that says why", async (t) => {
  const { browser, add, pageOf } = await start(t);
  // Nothing checks what is in it.
  const other = { name: "ts.pdf" };
  const large = `time,v\n${"1,2\n".repeat(600_000)}`;
  const cases: [string, RegExp][] = [
    [await upload(browser, "no series", other), /The file has no series: neither JSON nor CSV\./],
    [await upload(browser, "", other), /The file has no series/],
    [await upload(browser, large, other), /drawn here up to 2 MB together, and this one is too large\./],
    ["/data/upload/1/gone.csv", /The file of this series isn’t here any more\./],
    ["/data/upload/1/%E0%A4%A.csv", /isn’t here any more\./],
    ["/data/upload/../../etc/passwd", /isn’t here any more\./],
    ["https://example.com/data/upload/1/a.csv", /on another server isn’t drawn here, as this server fetches nothing\./],
  ];

  for (const [address, why] of cases) {
    const page = await pageOf(await add(address));
    assert.match(page(".label-data").text(), why, address);
    assert.equal(page(".label-data a[target]").attr("href"), address);
    assert.equal(page(".series").length, 0);
  }
});

test("stored series: all of a page count for the limit, and a file of several is read once", async (t) => {
  const app = await startApp(t);
  const tags = ["a", "b", "c"].map((name) => `<TimeSeries name="${name}" value="$${name}"/>`).join("");
  const { browser } = await startLabeling(app, `${tags}<Rating name="c1" toName="a"/>`, []);
  const half = `v\n${"1\n".repeat(550_000)}`;
  const [first, second] = [
    await upload(browser, half, { name: "a.pdf" }),
    await upload(browser, half, { name: "b.pdf" }),
  ];
  const open = async (data: object) => {
    const { body } = await browser.post("/api/tasks/").send({ project: 1, data }).expect(201);
    return read(await browser.get(`/projects/1/tasks/${body.id}/label`).expect(200));
  };

  assert.equal((await open({ a: first, b: first, c: first }))(".series").length, 3);
  const page = await open({ a: first, b: second, c: first });
  assert.equal(page(".series").length, 2);
  assert.equal(page(".label-data .hint:contains('too large')").length, 1);
});
