import assert from "node:assert/strict";
import { test } from "node:test";

import { pictureSize } from "../../src/images/picture-size.ts";
import { gif, jpeg, png, withComment } from "../support/images.ts";

/** A JPEG that says how it is to be turned, as cameras write it. */
async function turned(orientation: number): Promise<Buffer> {
  const exif = Buffer.from("ffe100224578696600004d4d002a00000008000101120003000000010000000000000000", "hex");
  exif.writeUInt16BE(orientation, 28);
  const image = await jpeg(40, 30);
  return Buffer.concat([image.subarray(0, 2), exif, image.subarray(2)]);
}

/** The start of a WebP: its first chunk. */
function webp(chunk: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  return Buffer.concat([Buffer.from("RIFF"), length, Buffer.from(`WEBP${chunk}`), length, Buffer.from(content, "hex")]);
}

test("picture size: PNG, JPEG, GIF and the three kinds of WebP say it in their first bytes", async () => {
  assert.deepEqual(pictureSize((await png(40, 30)).subarray(0, 64)), { width: 40, height: 30 });
  assert.deepEqual(pictureSize(await jpeg(40, 30)), { width: 40, height: 30 });
  assert.deepEqual(pictureSize(gif(40, 30).subarray(0, 16)), { width: 40, height: 30 });
  assert.deepEqual(pictureSize(webp("VP8X", "00000000270000" + "1d0000")), { width: 40, height: 30 });
  assert.deepEqual(pictureSize(webp("VP8 ", "0000009d012a28001e00")), { width: 40, height: 30 });
  assert.deepEqual(pictureSize(webp("VP8L", "2f27400700")), { width: 40, height: 30 });
});

test("picture size: a JPEG that EXIF puts on its side is as wide as it was high", async () => {
  for (const orientation of [1, 2, 3, 4, 9]) assert.deepEqual(pictureSize(await turned(orientation)), { width: 40, height: 30 }); // prettier-ignore
  for (const orientation of [5, 6, 7, 8]) assert.deepEqual(pictureSize(await turned(orientation)), { width: 30, height: 40 }); // prettier-ignore
});

test("picture size: what stands before the header of a JPEG is passed over", async () => {
  const image = withComment(await jpeg(40, 30), Buffer.alloc(130_000));
  assert.deepEqual(pictureSize(image), { width: 40, height: 30 });
  assert.equal(pictureSize(image.subarray(0, 64 * 1024)), undefined);
});

test("picture size: what is no picture, is cut off, or has no pixels has none", async () => {
  const whole = [await png(), await turned(6), gif(), webp("VP8X", "0000000027000000")];
  for (const image of whole)
    for (let length = 0; length < 30; length++) assert.doesNotThrow(() => pictureSize(image.subarray(0, length)));
  assert.equal(pictureSize(Buffer.from("<svg/>")), undefined);
  const empty = await png();
  empty.writeUInt32BE(0, 16);
  assert.equal(pictureSize(empty), undefined);
  const exif = await turned(6);
  exif.writeUInt32BE(0xffffffff, 2 + 4 + 6 + 4);
  assert.deepEqual(pictureSize(exif), { width: 40, height: 30 });
});
