import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { findOwnFile, isOwnFile } from "../http/own-files.ts";
import type { LabelForm } from "../label-config/form/parts.ts";

type Server = Pick<Context, "config" | "repositories">;

/** The form with which of its recordings have a wave: those whose files are here, and not too large for a browser. */
export async function withWaves(server: Server, form: LabelForm): Promise<LabelForm> {
  const waves = new Set<string>();
  for (const marker of form.regions.markers)
    if (marker.kind === "segment" && marker.address !== undefined && (await hasWave(server, marker.address)))
      waves.add(marker.address);
  if (waves.size === 0) return form;
  const markers = form.regions.markers.map((marker) =>
    marker.kind === "segment" ? { ...marker, has_wave: waves.has(marker.address ?? "") } : marker,
  );
  return { ...form, regions: { ...form.regions, markers } };
}

async function hasWave(server: Server, address: string): Promise<boolean> {
  const media = isOwnFile(server.config, address) ? await findOwnFile(server, address) : undefined;
  return media !== undefined && media.bytes <= limits.waveMegabytes * 1024 * 1024;
}
