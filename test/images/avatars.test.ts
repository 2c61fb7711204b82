import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import { test } from "node:test";

import { Jimp, JimpMime } from "jimp";

import { makeAvatar } from "../../src/images/avatars.ts";
import { chunk } from "../support/hostile-images.ts";
import { png, smallPng } from "../support/images.ts";

type Color = "red" | "green" | "blue" | "white";

const colors: Record<Color, [number, number, number]> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
};

/** A JPEG of 80 x 80 pixels with a color in each corner: red and green above blue and white. */
async function corners(): Promise<Buffer> {
  const image = new Jimp({ width: 80, height: 80 });
  image.scan((x, y, index) => {
    const color = colors[y < 40 ? (x < 40 ? "red" : "green") : x < 40 ? "blue" : "white"];
    image.bitmap.data.set([...color, 255], index);
  });
  return image.getBuffer(JimpMime.jpeg);
}

/** The color nearest to that of a pixel, since JPEG changes it a little. */
function colorAt(image: { bitmap: { data: Buffer; width: number } }, x: number, y: number): string | undefined {
  const { data, width } = image.bitmap;
  const pixel = data.subarray((y * width + x) * 4);
  return Object.entries(colors).find(([, color]) =>
    color.every((value, index) => Math.abs(value - (pixel[index] ?? 0)) < 40),
  )?.[0];
}

/** The colors of its corners: upper left, upper right, lower left, lower right. */
async function cornersOf(bytes: Buffer | undefined): Promise<(string | undefined)[]> {
  assert.ok(bytes);
  const image = await Jimp.fromBuffer(bytes);
  return [
    [20, 20],
    [170, 20],
    [20, 170],
    [170, 170],
  ].map(([x = 0, y = 0]) => colorAt(image, x, y));
}

/** The JPEG with the orientation that cameras write; in both orders of bytes. */
function withOrientation(image: Buffer, orientation: number, order: "II" | "MM"): Buffer {
  const segment = Buffer.from("ffe100224578696600004d4d002a00000008000101120003000000010000000000000000", "hex");
  segment.writeUInt16BE(orientation, 28);
  // The other order has the same numbers, each turned around.
  if (order === "II") {
    segment.write("II", 10);
    for (const start of [12, 18, 20, 22, 28]) segment.subarray(start, start + 2).swap16();
    for (const start of [14, 24]) segment.subarray(start, start + 4).swap32();
  }
  return Buffer.concat([image.subarray(0, 2), segment, image.subarray(2)]);
}

const orientations: [number, Color[]][] = [
  [1, ["red", "green", "blue", "white"]],
  [2, ["green", "red", "white", "blue"]],
  [3, ["white", "blue", "green", "red"]],
  [4, ["blue", "white", "red", "green"]],
  [5, ["red", "blue", "green", "white"]],
  [6, ["blue", "red", "white", "green"]],
  [7, ["white", "green", "blue", "red"]],
  [8, ["green", "white", "red", "blue"]],
  [9, ["red", "green", "blue", "white"]],
];

for (const { order, all } of [
  { order: "II", all: orientations },
  { order: "MM", all: orientations.slice(5, 6) },
] as const)
  test(`avatars: an image is turned as the camera says, in numbers of ${order}, and the rest of EXIF data is gone`, async () => {
    const image = await corners();

    for (const [orientation, expected] of all) {
      const { avatar } = await makeAvatar({ name: "a.jpg", bytes: withOrientation(image, orientation, order) });

      assert.deepEqual(await cornersOf(avatar?.image), expected, `orientation ${orientation}`);
      assert.equal(avatar?.image.indexOf("Exif"), -1);
    }
  });

test("avatars: of a wide and of a high image the middle is left", async () => {
  for (const size of [
    { width: 300, height: 100 },
    { width: 100, height: 300 },
  ]) {
    const image = new Jimp({ ...size, color: 0xff0000ff });
    const x = (size.width - 100) / 2;
    const y = (size.height - 100) / 2;
    image.scan(x, y, 100, 100, (_x, _y, index) => {
      image.bitmap.data.set([0, 255, 0, 255], index);
    });

    const { avatar } = await makeAvatar({ name: "a.png", bytes: await image.getBuffer(JimpMime.png) });

    const green = ["green", "green", "green", "green"];
    assert.deepEqual(await cornersOf(avatar?.image), green, `${size.width} x ${size.height}`);
  }
});

test("avatars: an animated PNG is its first picture", async () => {
  const image = await png();
  const animation = chunk("acTL", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));

  const { avatar } = await makeAvatar({
    name: "a.png",
    bytes: Buffer.concat([image.subarray(0, 33), animation, image.subarray(33)]),
  });

  assert.deepEqual(await cornersOf(avatar?.image), ["red", "red", "red", "red"]);
});

test("avatars: bytes behind an image don't matter", async () => {
  const page = Buffer.from("<!doctype html>");
  const images = { "a.png": await png(), "a.jpg": await corners() };

  for (const [name, image] of Object.entries(images)) {
    const { avatar } = await makeAvatar({ name, bytes: Buffer.concat([image, page]) });

    assert.ok(avatar, name);
    assert.equal(avatar.image.indexOf(page), -1, name);
  }
});

test("avatars: an image that is refused leaves the others alone", async () => {
  const all = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      makeAvatar({ name: "a.png", bytes: index % 2 ? smallPng : smallPng.subarray(0, 60) }),
    ),
  );

  assert.deepEqual(
    all.map(({ avatar }) => avatar !== undefined),
    [false, true, false, true, false, true],
  );
});

/** The priorities of the threads of this process, as Linux tells them: the higher, the later a thread's turn. */
function threadPriorities(): number[] {
  return readdirSync("/proc/self/task").map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "latin1");
    // The name, in parentheses, may have spaces.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  });
}

const onLinux = { skip: process.platform !== "linux" && "only Linux gives threads priorities" };

test("avatars: the thread that makes them lets others go first, and no other thread does", onLinux, async () => {
  await makeAvatar({ name: "small.png", bytes: smallPng });

  const low = threadPriorities().filter((priority) => priority === os.constants.priority.PRIORITY_BELOW_NORMAL);
  assert.ok(low.length === 1 || low.length === 2, `${low.length} threads`);
  assert.equal(os.getPriority(), 0);
});
