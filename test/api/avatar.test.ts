import assert from "node:assert/strict";
import { test } from "node:test";

import { Jimp } from "jimp";
import type { Test } from "supertest";

import { startApi } from "../support/api.ts";
import type { Script } from "../support/api.ts";
import { share } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { gif, jpeg, png, smallPng, withComment } from "../support/images.ts";
import { assertRefused } from "../support/refusals.ts";

const own = "/api/users/1/avatar/";
const limit = 1024 * 1024;

function upload(script: Script, image: Buffer, options: object | string = "me.png", path = own): Test {
  return script("post", path).attach("avatar", image, options);
}

/** The owner has an image; `avatarAddress` reads its address. */
async function startWithImage(t: TestHooks, settings = {}) {
  const app = await startApi(t, settings);
  await app.repositories.avatars.replace(1, { type: "image/png", image: smallPng });
  const avatarAddress = async () => (await app.owner.script("get", "/api/current-user/whoami").expect(200)).body.avatar;
  return { ...app, avatarAddress, first: await avatarAddress() };
}

const app = share(startApi);

/** The tests that share this assert that the image stays. */
const appWithImage = share(startWithImage);

const images: { name: string; image: () => Promise<Buffer> | Buffer; type: string }[] = [
  { name: "me.png", image: () => png(10, 10), type: "image/jpeg" },
  { name: "transparent.png", image: () => png(40, 30, { transparent: true }), type: "image/png" },
  { name: "me.jpg", image: () => jpeg(), type: "image/jpeg" },
  { name: "ME.JPEG", image: () => jpeg(), type: "image/jpeg" },
  { name: "me.gif", image: () => gif(), type: "image/jpeg" },
];

for (const { name, image, type } of images) {
  test(`api avatar: ${name} is saved, and served to everybody as ${type} (F3)`, async () => {
    const { owner, request } = await app();

    const answer = await upload(owner.script, await image(), name);

    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { detail: "avatar saved" });
    assert.equal(answer.headers.allow, "POST, DELETE");
    const { avatar } = (await owner.script("get", "/api/users/1/").expect(200)).body;
    assert.match(avatar, /^\/data\/avatars\/[A-Za-z0-9]{32}\.(png|jpg)$/);
    const served = await request().get(avatar).expect(200).expect("Content-Type", type);
    const { width, height } = await Jimp.fromBuffer(served.body);
    assert.deepEqual([width, height], [192, 192]);
  });
}

test("api avatar: the server's host stands before its address when there is one", async (t) => {
  const { first } = await startWithImage(t, { host: new URL("https://labels.example.com/team/") });

  assert.match(first, /^https:\/\/labels\.example\.com\/team\/data\/avatars\/\w{32}\.png$/);
});

test("api avatar: no metadata of an image is stored (F3)", async (t) => {
  const { owner, database } = await startApi(t);
  const secret = Buffer.from("<script>alert('GPS 48.2082, 16.3738')</script>");

  await upload(owner.script, withComment(await jpeg(), secret), "me.jpg").expect(200);

  assert.equal((await database("avatars").first()).image.indexOf("GPS"), -1);
});

test("api avatar: the field may have any name", async (t) => {
  const { owner, avatarAddress } = await startWithImage(t);

  await owner.script("post", own).field("note", "this is me").attach("whatever", smallPng, "me.png").expect(200);

  assert.match(await avatarAddress(), /\.jpg$/);
});

test("api avatar: of two files the first wins", async (t) => {
  const { owner, avatarAddress } = await startWithImage(t);

  await upload(owner.script, await jpeg(), "me.jpg")
    .attach("second", await png(40, 30, { transparent: true }), "other.png")
    .expect(200);

  assert.match(await avatarAddress(), /\.jpg$/);
});

test("api avatar: a new one replaces the old, which is gone from its address (F4)", async (t) => {
  const { owner, avatarAddress, first, request, database } = await startWithImage(t);

  await upload(owner.script, smallPng, "me.png", "/api/users/1/avatar").expect(200);

  assert.notEqual(await avatarAddress(), first);
  await request().get(first).expect(404);
  assert.equal((await database("avatars")).length, 1);
});

for (const path of [own, "/api/users/1/avatar"]) {
  test(`api avatar: DELETE ${path} removes it, and it is gone from its address (F4)`, async (t) => {
    const { owner, avatarAddress, first, request, database } = await startWithImage(t);
    await request().get(first).expect(200);

    const answer = await owner.script("delete", path);

    assert.equal(answer.status, 204);
    assert.equal(answer.text, "");
    assert.equal(answer.headers.allow, "POST, DELETE");
    assert.equal(await avatarAddress(), null);
    await request().get(first).expect(404);
    assert.equal((await database("avatars")).length, 0);
    await owner.script("delete", path).expect(204);
  });
}

const html = Buffer.from("<!doctype html><script>alert(1)</script>");
const otherType = /^Choose a PNG, JPEG or GIF image\./;

interface Refused {
  what: string;
  image: () => Promise<Buffer> | Buffer;
  file: { filename: string; contentType?: string };
  says: RegExp;
}

const rejected: Refused[] = [
  { what: "a file that is no image", image: () => html, file: { filename: "me.png" }, says: otherType },
  { what: "an empty file", image: () => Buffer.alloc(0), file: { filename: "me.png" }, says: /^This image is empty\./ },
  { what: "a PNG named a.bmp (F1)", image: () => png(10, 10), file: { filename: "a.bmp" }, says: otherType },
  { what: "a PNG named me.jpg (F1)", image: () => png(10, 10), file: { filename: "me.jpg" }, says: otherType },
  {
    what: "a PNG sent as text/plain",
    image: () => png(10, 10),
    file: { filename: "me.png", contentType: "text/plain" },
    says: otherType,
  },
  {
    what: "a PNG of 1201 x 10 pixels (F2)",
    image: () => png(1201, 10),
    file: { filename: "me.png" },
    says: /^This image is 1201 x 10 pixels\. Choose one of at most 1200 x 1200\.$/,
  },
  {
    what: "a PNG of more than 1024 KB (F2)",
    image: async () => Buffer.concat([await png(), Buffer.alloc(limit)]),
    file: { filename: "me.png" },
    says: /^This image is larger than 1024 KB\. Choose a smaller one\.$/,
  },
  {
    what: "half a PNG",
    image: async () => (await png()).subarray(0, 60),
    file: { filename: "me.png" },
    says: /^This image can't be read\. Try another one\.$/,
  },
];

for (const { what, image, file, says } of rejected) {
  test(`api avatar: ${what} is refused, and the old image stays`, async () => {
    const { owner, avatarAddress, first } = await appWithImage();

    const answer = await upload(owner.script, await image(), file);

    assertRefused(answer, { status: 400, detail: says });
    assert.equal(answer.headers.allow, "POST, DELETE");
    assert.equal(await avatarAddress(), first);
  });
}
