import type { WavFormat } from "./wav-header.ts";

/** The lowest and the highest sample of a part of a recording, from -1 to 1. */
export type Peak = [lowest: number, highest: number];

/** So many frames of a part are looked at; with more a part looks the same. */
const framesOfPart = 4096;

/** The peaks of all channels together in so many parts of a recording. `chunks`: its samples, in pieces of any length. */
export async function readPeaks(format: WavFormat, chunks: AsyncIterable<Buffer>, parts: number): Promise<Peak[]> {
  const { channels, sample_bytes, start, end } = format;
  const frameBytes = channels * sample_bytes;
  const frames = Math.floor((end - start) / frameBytes);
  const step = Math.max(1, Math.floor(frames / parts / framesOfPart));
  const read = sampleReader(format);
  const peaks = Array.from({ length: Math.min(parts, frames) }, (): Peak => [1, -1]);
  let frame = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = Math.min(Math.floor(bytes.length / frameBytes), frames - frame);
    const first = frame;
    for (; frame < first + whole; frame++) {
      if (frame % step !== 0) continue;
      const peak = peaks[Math.floor((frame / frames) * peaks.length)];
      if (!peak) continue;
      for (let channel = 0; channel < channels; channel++) {
        const value = read(bytes, (frame - first) * frameBytes + channel * sample_bytes);
        if (value < peak[0]) peak[0] = value;
        if (value > peak[1]) peak[1] = value;
      }
    }
    rest = bytes.subarray(whole * frameBytes);
  }
  return peaks.map(([lowest, highest]): Peak => (lowest > highest ? [0, 0] : [clamped(lowest), clamped(highest)]));
}

function clamped(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function sampleReader({ sample, sample_bytes }: WavFormat): (bytes: Buffer, at: number) => number {
  if (sample === "float")
    return sample_bytes === 8 ? (bytes, at) => bytes.readDoubleLE(at) : (bytes, at) => bytes.readFloatLE(at);
  // Those of one byte have no sign.
  if (sample_bytes === 1) return (bytes, at) => ((bytes[at] ?? 128) - 128) / 128;
  if (sample_bytes === 2) return (bytes, at) => bytes.readInt16LE(at) / 0x8000;
  const most = 2 ** (8 * sample_bytes - 1);
  return (bytes, at) => bytes.readIntLE(at, sample_bytes) / most;
}
