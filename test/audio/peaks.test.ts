import assert from "node:assert/strict";
import { test } from "node:test";

import { readPeaks } from "../../src/audio/peaks.ts";
import { parseWavHeader } from "../../src/audio/wav-header.ts";
import { wav } from "../support/recordings.ts";

/** A file of these samples, from -1 to 1, with a chunk of another kind before them. */
function file(samples: number[], { code = 1, bits = 16, channels = 1, length = -1 } = {}): Buffer {
  const bytes = bits / 8;
  const data = Buffer.alloc(samples.length * bytes);
  for (const [index, value] of samples.entries()) {
    const most = 2 ** (bits - 1) - 1;
    if (code === 3) data.writeFloatLE(value, index * bytes);
    else if (bits === 8) data.writeUInt8(Math.round(value * most) + 128, index);
    else data.writeIntLE(Math.round(value * most), index * bytes, bytes);
  }
  const header = Buffer.alloc(54);
  header.write("RIFF0000WAVELIST", 0, "latin1");
  header.writeUInt32LE(1, 16);
  header.write("fmt ", 22, "latin1");
  header.writeUInt32LE(16, 26);
  header.writeUInt16LE(code, 30);
  header.writeUInt16LE(channels, 32);
  header.writeUInt32LE(10, 34);
  header.writeUInt16LE(bits, 44);
  header.write("data", 46, "latin1");
  header.writeUInt32LE(length < 0 ? data.length : length, 50);
  return Buffer.concat([header, data]);
}

async function peaksOf(bytes: Buffer, parts: number, pieces = 7) {
  const format = parseWavHeader(bytes, bytes.length);
  assert.ok(format);
  const { start, end } = format;
  const chunks = (async function* () {
    for (let at = start; at < end; at += pieces) yield bytes.subarray(at, Math.min(end, at + pieces));
  })();
  const peaks = await readPeaks(format, chunks, parts);
  return { format, peaks: peaks.map((peak) => peak.map((value) => Math.round(value * 100) / 100)) };
}

const samples = [0, 0.5, -0.5, 1, -1, 0.25, 0, 0];

for (const [what, options] of [
  ["of 8 bits", { bits: 8 }],
  ["of 16 bits", { bits: 16 }],
  ["of 24 bits", { bits: 24 }],
  ["of 32 bits", { bits: 32 }],
  ["of floats", { code: 3, bits: 32 }],
  ["without a length", { length: 0 }],
  ["with the largest length", { length: 0xffffffff }],
] as const)
  test(`waves of files: samples ${what} are read, in pieces of any length`, async () => {
    const { format, peaks } = await peaksOf(file([...samples], options), 4);
    assert.equal(format.duration, 0.8);
    const expected = [[0, 0.5], [-0.5, 1], [-1, 0.25], [0, 0]]; // prettier-ignore
    for (const [index, peak] of peaks.entries())
      for (const [at, value] of peak.entries())
        assert.ok(Math.abs(value - (expected[index]?.[at] ?? 9)) <= 0.011, JSON.stringify(peaks));
  });

test("waves of files: all channels are one wave", async () => {
  const { format, peaks } = await peaksOf(file([0, 0.5, -1, 0, 0, 0, 0, 1], { channels: 2 }), 2);
  assert.equal(format.duration, 0.4);
  assert.deepEqual(peaks, [[-1, 0.5], [0, 1]]); // prettier-ignore
});

test("waves of files: of few samples there is a part for each", async () => {
  assert.deepEqual((await peaksOf(file([1, 0]), 100)).peaks, [[1, 1], [0, 0]]); // prettier-ignore
});

test("waves of files: ten million samples take a moment", async () => {
  const bytes = wav(10, 1_000_000);
  const started = performance.now();
  const { peaks } = await peaksOf(bytes, 500, 256 * 1024);
  assert.ok(performance.now() - started < 2000);
  assert.ok((peaks.at(-1)?.[1] ?? 0) > 0.95 && (peaks[0]?.[1] ?? 1) < 0.01);
});

const whole = file(samples);
for (const [what, bytes] of [
  ["no WAV", Buffer.from("ID3 no recording at all")],
  ["empty", Buffer.alloc(0)],
  ["compressed", file(samples, { code: 2 })],
  ["without samples", whole.subarray(0, 54)],
  ["cut off in its header", whole.subarray(0, 40)],
  ["of no channels", file(samples, { channels: 0 })],
] as const)
  test(`waves of files: one that is ${what} has none`, () => {
    assert.equal(parseWavHeader(bytes, bytes.length), undefined);
  });
