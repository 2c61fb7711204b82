import assert from "node:assert/strict";
import { test } from "node:test";

import { share, startApp } from "../../support/app.ts";
import { gif, jpeg, png, pngHeader, withComment, pngBomb } from "../../support/images.ts";
import { describedBy, read } from "../../support/pages.ts";

const page = "/user/account/";
const limit = 1024 * 1024;
const html = Buffer.from("<!doctype html><script>alert(1)</script>");
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>');

/** Of somebody who has no image; the tests that share it assert that this stays so. */
const app = share(async (t) => {
  const started = await startApp(t);
  return { ...started, ...(await started.signedIn()) };
});

interface Refusal {
  what: string;
  name: string;
  bytes: () => Promise<Buffer> | Buffer;
  says: RegExp;
}

const otherType = /Choose a PNG, JPEG or GIF image\./;
const tooMany = /Choose one of at most 1200 x 1200\./;
const unreadable = /This image can't be read\. Try another one\./;

const refusals: Refusal[] = [
  { what: "a PNG named .jpg (F1)", name: "me.jpg", bytes: () => png(), says: otherType },
  { what: "a JPEG named .html (F1)", name: "me.html", bytes: () => jpeg(), says: otherType },
  { what: "a PNG without an extension (F1)", name: "png", bytes: () => Buffer.from("x"), says: otherType },
  { what: "a PNG named .png.html (F1)", name: "me.png.html", bytes: () => png(), says: otherType },
  { what: "HTML named .png (F1)", name: "me.png", bytes: () => html, says: otherType },
  { what: "SVG named .svg (F1)", name: "me.svg", bytes: () => svg, says: otherType },
  { what: "SVG named .png (F1)", name: "me.png", bytes: () => svg, says: otherType },
  { what: "HTML behind a PNG's first bytes (F1)", name: "me.png", bytes: () => behind(png(), 8), says: otherType },
  { what: "HTML behind a GIF's header (F1)", name: "me.gif", bytes: () => behind(gif(), 13), says: unreadable },
  { what: "HTML behind a JPEG's header (F1)", name: "me.jpg", bytes: () => behind(jpeg(), 200), says: unreadable },
  { what: "an empty file", name: "me.png", bytes: () => Buffer.alloc(0), says: otherType },
  { what: "1201 pixels across (F2)", name: "me.png", bytes: () => png(1201, 10), says: /1201 x 10 pixels/ },
  { what: "1201 pixels down (F2)", name: "me.gif", bytes: () => gif(10, 1201), says: tooMany },
  { what: "a PNG bomb (F2)", name: "me.png", bytes: () => pngHeader(60_000, 60_000), says: tooMany },
  { what: "a PNG of no pixels", name: "me.png", bytes: () => pngHeader(0, 0), says: unreadable },
  { what: "half a PNG", name: "me.png", bytes: async () => half(await png()), says: unreadable },
  { what: "half a GIF", name: "me.gif", bytes: () => half(gif()), says: unreadable },
  { what: "half a JPEG's header", name: "me.jpg", bytes: async () => half(half(await jpeg())), says: unreadable },
  {
    what: "a GIF with a frame larger than itself (F2)",
    name: "me.gif",
    bytes: () => gif(10, 10, { frame: { width: 3000, height: 3000 } }),
    says: unreadable,
  },
  { what: "a GIF without frames", name: "me.gif", bytes: () => gif(10, 10, { frames: 0 }), says: unreadable },
  { what: "1024 KB and a byte (F2)", name: "me.jpg", bytes: () => ofSize(limit + 1), says: /larger than 1024 KB/ },
];

for (const { what, name, bytes, says } of refusals) {
  test(`profile image: ${what} is refused beside the field, and nothing is kept`, async () => {
    const { browser, database } = await app();

    const answer = await browser
      .post(page)
      .attach("avatar", await bytes(), { filename: name, contentType: "image/png" });

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "avatar"), says);
    assert.equal((await database("avatars")).length, 0);
  });
}

test("profile image: 1024 KB and not a byte more are taken (F2)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();

  await browser
    .post(page)
    .attach("avatar", await ofSize(limit), "me.jpg")
    .expect(303);

  assert.equal((await database("avatars")).length, 1);
});

test("profile image: of a GIF with hundreds of large frames only the first is read (F2)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const bomb = gif(1200, 1200, { frames: 300 });
  assert.ok(bomb.length < limit);

  await browser.post(page).attach("avatar", bomb, "me.gif").expect(303);

  assert.equal((await database("avatars")).length, 1);
});

/** What a browser sends when no file was chosen. */
const noFile = [
  "--x",
  'Content-Disposition: form-data; name="avatar"; filename=""',
  "Content-Type: application/octet-stream",
  "",
  "",
  "--x--",
  "",
].join("\r\n");

const bodies: { what: string; type: string | undefined; body: string }[] = [
  { what: "no file chosen", type: "multipart/form-data; boundary=x", body: noFile },
  { what: "a body that breaks off", type: "multipart/form-data; boundary=x", body: noFile.slice(0, 80) },
  { what: "a body of other parts", type: "multipart/form-data; boundary=y", body: noFile },
  { what: "no boundary", type: "multipart/form-data", body: noFile },
  { what: "no body", type: "multipart/form-data; boundary=x", body: "" },
];

const noForms = [
  { type: "application/json", body: '{"avatar":"me.png"}' },
  { type: "text/plain", body: "me.png" },
  { type: "application/octet-stream", body: "me.png" },
];

for (const { type, body } of noForms) {
  test(`profile image: ${type} is no form, and changes nothing`, async () => {
    const { browser, database } = await app();

    const answer = await browser.post(page).set("Content-Type", type).serialize(String).send(body);

    assert.equal(answer.status, 415);
    assert.equal((await database("avatars")).length, 0);
  });
}

for (const { what, type, body } of bodies) {
  test(`profile image: ${what} is answered with what to do`, { timeout: 10_000 }, async () => {
    const { browser, database } = await app();

    const answer = await browser
      .post(page)
      .set("Content-Type", String(type))
      .serialize(String)
      .send(body)
      .timeout(5000);

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "avatar"), /Choose|No image arrived/);
    assert.equal((await database("avatars")).length, 0);
  });
}

test("profile image: a small PNG that holds very much is refused (F2)", async () => {
  const { browser } = await app();

  const answer = await browser.post(page).attach("avatar", pngBomb(64 * 1024 * 1024), "bomb.png");

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "avatar"), /can't be read/);
});

/** The first bytes of an image, and a page behind them. */
async function behind(image: Promise<Buffer> | Buffer, length: number): Promise<Buffer> {
  return Buffer.concat([(await image).subarray(0, length), html]);
}

function half(image: Buffer): Buffer {
  return image.subarray(0, Math.floor(image.length / 2));
}

/** A JPEG of so many bytes. */
async function ofSize(size: number): Promise<Buffer> {
  const image = await jpeg();
  const comment = (length: number) => withComment(image, Buffer.alloc(length, "c"));
  const most = size - image.length;
  return comment(most - Math.ceil(most / 60_004) * 4);
}
