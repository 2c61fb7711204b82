import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { findOwnFile, isOwnFile } from "../http/own-files.ts";
import type { Media } from "../http/send-media.ts";
import { utf16Encoding } from "../imports/decoded-text.ts";
import type { LabelForm, Part } from "../label-config/form/parts.ts";
import type { SeriesFile, SeriesFiles } from "../label-config/form/series-files.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";

type Server = Pick<Context, "config" | "repositories">;

/**
 * Reads the series of a form that are at addresses of this server's own files, or says why they can't be read; none where the form
 * has no addresses. Nothing is asked of another server.
 */
export async function readStoredSeries(server: Server, form: LabelForm): Promise<SeriesFiles> {
  const addresses = [...new Set(seriesAddresses(form.parts))];
  return addresses.length === 0 ? new Map() : readSeriesFiles(server, addresses);
}

function seriesAddresses(parts: Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.tag === "View") return seriesAddresses(part.parts);
    return part.tag === "TimeSeries" && part.address !== undefined ? [part.address] : [];
  });
}

async function readSeriesFiles(server: Server, addresses: string[]): Promise<SeriesFiles> {
  const files = new Map<string, SeriesFile>();
  let left = limits.seriesMegabytes * 1024 * 1024;
  for (const address of addresses) {
    if (!isOwnFile(server.config, address)) {
      files.set(address, { problem: elsewhere });
      continue;
    }
    const media = await findOwnFile(server, address);
    if (media && media.bytes <= left) left -= media.bytes;
    else if (media) {
      files.set(address, { problem: tooLarge });
      continue;
    }
    const text = media && (await readText(media));
    files.set(address, text === undefined ? { problem: gone } : { text });
  }
  return files;
}

const elsewhere =
  "A series on another server isn’t drawn here, as this server fetches nothing. In the task itself, or in a file that was uploaded here, it is: as JSON or CSV.";

const tooLarge = `The series of a task are drawn here up to ${limits.seriesMegabytes} MB together, and this one is too large.`;

const gone = "The file of this series isn’t here any more.";

/** The text of a file; undefined if it is deleted meanwhile. What is no text of its encoding is shown as such. */
async function readText({ bytes, read }: Media): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    if (bytes > 0) for await (const chunk of read({ start: 0, end: bytes })) chunks.push(chunk);
  } catch (error) {
    if (error instanceof FileGoneError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const content = Buffer.concat(chunks);
  return new TextDecoder(utf16Encoding(content) ?? "utf-8").decode(content);
}
