import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { smallPng } from "../support/images.ts";
import { addProject } from "../support/projects.ts";

/** A server with a file of this name and content, at `address`. */
async function start(t: TestContext, name: string, content: Buffer | string = smallPng) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: "<View></View>" });
  const sent = app.owner.script("post", `/api/projects/${project.id}/import?commit_to_project=false`);
  const { body } = await sent.attach("file", Buffer.from(content), name).expect(201);
  const { body: upload } = await app.owner.script("get", `/api/import/file-upload/${body.file_upload_ids[0]}`);
  const address = `/data/${upload.file}`;
  const get = (headers: Record<string, string> = {}, path = address) => app.owner.script("get", path).set(headers);
  return { ...app, project, address, file: upload.file as string, get };
}

const inline: Record<string, string> = {
  "a.png": "image/png",
  "a.JPG": "image/jpeg",
  "a.webp": "image/webp",
  "a.wav": "audio/x-wav",
  "a.mp3": "audio/mpeg",
  "a.mp4": "video/mp4",
  "a.pdf": "application/pdf",
  "a.txt": "text/plain; charset=utf-8",
};

const attached: Record<string, string> = {
  "a.svg": "image/svg+xml",
  "a.html": "text/html; charset=utf-8",
  "a.xml": "application/xml",
  "a.csv": "text/csv; charset=utf-8",
  "a.json": "application/json",
};

for (const [name, type] of Object.entries({ ...inline, ...attached }))
  test(`uploaded files: ${name} is sent as ${type}, whatever is in it, and nothing in it runs (F5)`, async (t) => {
    const app = await start(t, name, name.endsWith(".json") ? "[{}]" : "<script>alert(1)</script>\nrow\n");
    const { headers } = await app.get().expect(200);
    assert.equal(headers["content-type"], type);
    assert.equal(headers["x-content-type-options"], "nosniff");
    const how = Object.hasOwn(inline, name) ? "inline" : "attachment";
    assert.match(String(headers["content-disposition"]), new RegExp(`^${how}; filename=`));
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /default-src 'none'/);
    assert.equal(policy.endsWith("; sandbox"), name !== "a.pdf");
  });

test("uploaded files: members see them, with a session or a token, and nobody else", async (t) => {
  const app = await start(t, "a.png");
  const behindProxy = `/storage-data/uploaded/?filepath=${app.file}`;
  const member = await app.member();
  for (const address of [app.address, behindProxy]) {
    const { body } = await app.anonymous("get", address).expect(401);
    assert.equal(body.detail, "Authentication credentials were not provided.");
    await app.as("Token wrong")("get", address).expect(401);
    await member.script("get", address).expect(200);
    const browser = await app.browserOf(member.user);
    assert.deepEqual((await browser.get(address).expect(200)).body, smallPng);
  }
});

test("uploaded files: what is not there is 404, and no address lists any", async (t) => {
  const app = await start(t, "a.png");
  const { id } = app.project;
  const name = app.file.split("/").at(-1) ?? "";
  const other = await addProject(app, app.owner.user, { label_config: "<View></View>" });
  const nowhere = [
    `/data/upload/${id}/nope.png`,
    `/data/upload/${id}/..%2f..%2f.env`,
    `/data/upload/${id}/%00`,
    `/data/upload/${other.id}/${name}`,
    `/data/upload/${id}/`,
    `/data/upload/${id}`,
    "/data/upload/",
    "/data/upload/x/y",
    "/data/upload/9999999999/y",
    "/storage-data/uploaded/",
    "/storage-data/uploaded/?filepath=upload/1/..%2f..%2f.env",
    "/storage-data/uploaded/?filepath=upload/1/nope.png&filepath=x",
  ];
  for (const address of nowhere) {
    const { status, body } = await app.get({}, address);
    assert.deepEqual([status, body.detail], [404, "Not found."], address);
  }
  await app.owner.script("delete", app.address).expect(405);
});

const digits = "0123456789";

const ranges: [header: string, status: number, text: string, range: string | undefined][] = [
  ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
  ["bytes=8-", 206, "89", "bytes 8-9/10"],
  ["bytes=-3", 206, "789", "bytes 7-9/10"],
  ["bytes=5-99", 206, "56789", "bytes 5-9/10"],
  ["bytes=-99", 206, digits, "bytes 0-9/10"],
  ["bytes=9-2", 200, digits, undefined],
  ["bytes=0-1,4-5", 200, digits, undefined],
  ["lines=0-1", 200, digits, undefined],
  ["bytes=-", 200, digits, undefined],
];

for (const [header, status, expected, range] of ranges)
  test(`uploaded files: Range ${header} is answered with ${status}`, async (t) => {
    const app = await start(t, "a.txt", digits);
    const { text, headers } = await app.get({ Range: header }).expect(status);
    assert.equal(text, expected);
    assert.equal(headers["content-range"], range);
    assert.equal(headers["content-length"], String(expected.length));
    assert.equal(headers["accept-ranges"], "bytes");
  });

for (const header of ["bytes=10-", "bytes=99-100", "bytes=-0"])
  test(`uploaded files: Range ${header}, which is not there, is 416`, async (t) => {
    const app = await start(t, "a.txt", digits);
    const { headers } = await app.get({ Range: header }).expect(416);
    assert.equal(headers["content-range"], "bytes */10");
  });

test("uploaded files: a range over the borders of what is stored at once has each byte once", async (t) => {
  const content = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251));
  const app = await start(t, "a.wav", content);
  for (const [start, end] of [
    [262_100, 262_200],
    [262_144, 524_288],
    [1, 999_999],
  ] as const) {
    const { body } = await app.get({ Range: `bytes=${start}-${end - 1}` }).expect(206);
    assert.deepEqual(body, content.subarray(start, end));
  }
});

test("uploaded files: a browser that has a file asks only whether it is still so, and may still see it", async (t) => {
  const app = await start(t, "a.txt", digits);
  const { headers } = await app.get().expect(200);
  assert.equal(headers["cache-control"], "private, no-cache");
  const etag = String(headers["etag"]);
  assert.equal((await app.get({ "If-None-Match": etag }).expect(304)).text, "");
  await app.anonymous("get", app.address).set("If-None-Match", etag).expect(401);
  await app.get({ "If-None-Match": '"other"' }).expect(200);
  await app.get({ "If-Range": etag, Range: "bytes=0-1" }).expect(206);
  await app.get({ "If-Range": '"other"', Range: "bytes=0-1" }).expect(200);
});

test("uploaded files: HEAD tells what GET would send, and compression leaves lengths alone", async (t) => {
  const app = await start(t, "a.txt", "line\n".repeat(2000));
  const head = await app.owner.script("head", app.address).set("Accept-Encoding", "gzip").expect(200);
  const get = await app.get({ "Accept-Encoding": "gzip" }).expect(200);
  for (const name of ["content-length", "content-type", "etag"]) assert.equal(head.headers[name], get.headers[name]);
  assert.equal(get.headers["content-length"], "10000");
  assert.equal(get.headers["content-encoding"], undefined);
});

test("uploaded files: an empty one is sent, too", async (t) => {
  const app = await start(t, "a.png", "");
  const { headers } = await app.get().expect(200);
  assert.equal(headers["content-length"], "0");
  await app.get({ Range: "bytes=0-" }).expect(416);
});
