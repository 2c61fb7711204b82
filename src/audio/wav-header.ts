/** Where the samples of a WAV file are, and how they are written. */
export interface WavFormat {
  channels: number;
  /** Frames of a second; a frame is a sample of each channel. */
  rate: number;
  sample: "integer" | "float";
  /** Bytes of a sample: 1 to 4 of an integer, 4 or 8 of a float. */
  sample_bytes: number;
  /** The range of bytes with the samples. */
  start: number;
  end: number;
  /** In seconds. */
  duration: number;
}

/** Codes of formats: those of `WAVE_FORMAT_PCM`, `WAVE_FORMAT_IEEE_FLOAT` and `WAVE_FORMAT_EXTENSIBLE`. */
const [pcm, float, extensible] = [1, 3, 0xfffe];

const sampleBytes = { integer: [1, 2, 3, 4], float: [4, 8] };

/**
 * Reads the header of a WAV file from its first bytes; undefined for other files, for compressed samples, and where the samples don't begin
 * in these bytes. `size`: of the whole file in bytes.
 */
export function parseWavHeader(bytes: Buffer, size: number): WavFormat | undefined {
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE") return undefined;
  let format: Buffer | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [id, length, content] = [bytes.toString("latin1", at, at + 4), bytes.readUInt32LE(at + 4), at + 8];
    if (id === "fmt " && content + 16 <= bytes.length) format = bytes.subarray(content, content + length);
    // Programs that don't know the length in advance write none, or the largest.
    if (id === "data") return format && formatOf(format, content, Math.min(size, content + (length || size)));
    at = content + length + (length % 2);
  }
  return undefined;
}

function formatOf(format: Buffer, start: number, end: number): WavFormat | undefined {
  const written = format.readUInt16LE(0);
  const code = written === extensible && format.length >= 26 ? format.readUInt16LE(24) : written;
  const sample = code === pcm ? "integer" : code === float ? "float" : undefined;
  const [channels, rate, sample_bytes] = [
    format.readUInt16LE(2),
    format.readUInt32LE(4),
    Math.ceil(format.readUInt16LE(14) / 8),
  ];
  const frames = Math.floor((end - start) / (channels * sample_bytes));
  if (!sample || !sampleBytes[sample].includes(sample_bytes) || rate === 0 || channels === 0 || frames < 1)
    return undefined;
  return { channels, rate, sample, sample_bytes, start, end, duration: frames / rate };
}
