import { readPeaks } from "../audio/peaks.ts";
import { parseWavHeader } from "../audio/wav-header.ts";
import { waveLine, waveWidth } from "../audio/wave-line.ts";
import { LatestCache } from "../common/latest-cache.ts";
import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { findOwnFile, isOwnFile } from "../http/own-files.ts";
import type { Media } from "../http/send-media.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import type { RecordedWave } from "../label-config/regions/segment-marker.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";

type Server = Pick<Context, "config" | "repositories">;

/**
 * The form with the waves of its recordings whose files are here, and not too large: browsers may draw all of them, and of WAV files it
 * has what this server has read.
 */
export async function withWaves(server: Server, form: LabelForm): Promise<LabelForm> {
  const byAddress = new Map<string, RecordedWave | undefined>();
  for (const marker of form.regions.markers) {
    const media = marker.kind === "segment" ? await recordingAt(server, marker.address ?? "") : undefined;
    if (media && marker.kind === "segment") byAddress.set(marker.address ?? "", await waveOf(media));
  }
  if (byAddress.size === 0) return form;
  const markers = form.regions.markers.map((marker) => {
    const address = marker.kind === "segment" ? (marker.address ?? "") : "";
    return byAddress.has(address) ? { ...marker, has_wave: true, wave: byAddress.get(address) } : marker;
  });
  return { ...form, regions: { ...form.regions, markers } };
}

async function recordingAt(server: Server, address: string): Promise<Media | undefined> {
  const media = isOwnFile(server.config, address) ? await findOwnFile(server, address) : undefined;
  return media && media.bytes <= limits.waveMegabytes * 1024 * 1024 ? media : undefined;
}

/** The waves that were read last, by the versions of their files: a page is shown again at each click. */
const waves = new LatestCache<Promise<RecordedWave | undefined>>(200);

function waveOf(media: Media): Promise<RecordedWave | undefined> {
  const wave = waves.get(media.version, () => readWave(media));
  wave.catch(() => waves.delete(media.version));
  return wave;
}

/** Some programs write texts before the samples. */
const headerBytes = 64 * 1024;

/** Undefined for a file that is no WAV, or is deleted meanwhile. */
async function readWave({ bytes, read }: Media): Promise<RecordedWave | undefined> {
  try {
    const first: Buffer[] = [];
    if (bytes > 0) for await (const chunk of read({ start: 0, end: Math.min(bytes, headerBytes) })) first.push(chunk);
    const format = parseWavHeader(Buffer.concat(first), bytes);
    if (!format) return undefined;
    const peaks = await readPeaks(format, read({ start: format.start, end: format.end }), waveWidth);
    return { duration: format.duration, line: waveLine(peaks) };
  } catch (error) {
    if (error instanceof FileGoneError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
