import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { findOwnFile, isOwnFile } from "../http/own-files.ts";
import type { Media } from "../http/send-media.ts";
import { pictureSize } from "../images/picture-size.ts";
import type { PictureSize } from "../images/picture-size.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";

type Server = Pick<Context, "config" | "repositories">;

/** The form with the sizes of its pictures, as far as their files are here, or in the task itself. Nothing is fetched. */
export async function withPictureSizes(server: Server, form: LabelForm): Promise<LabelForm> {
  const { markers } = form.regions;
  const addresses = markers
    .flatMap((marker) => (marker.kind === "shape" ? marker.pictures : []))
    .map(({ address }) => address);
  if (addresses.length === 0) return form;
  const sizes = new Map<string, PictureSize | undefined>();
  for (const address of new Set(addresses)) sizes.set(address, await sizeOf(server, address));
  const sized = markers.map((marker) =>
    marker.kind === "shape"
      ? { ...marker, pictures: marker.pictures.map((picture) => ({ ...picture, size: sizes.get(picture.address) })) }
      : marker,
  );
  return { ...form, regions: { ...form.regions, markers: sized } };
}

/** Most files say their size in their first bytes; some have colors or a small picture before it. */
const firstKilobytes = [64, limits.pictureKilobytes];

async function sizeOf(server: Server, address: string): Promise<PictureSize | undefined> {
  const embedded = /^data:image\/[\w.+-]+;base64,/i.exec(address)?.[0];
  if (embedded) {
    const end = embedded.length + limits.pictureKilobytes * 1024;
    return pictureSize(Buffer.from(address.slice(embedded.length, end), "base64"));
  }
  const media = isOwnFile(server.config, address) ? await findOwnFile(server, address) : undefined;
  if (!media) return undefined;
  for (const kilobytes of firstKilobytes) {
    const bytes = Math.min(media.bytes, kilobytes * 1024);
    const size = pictureSize(await readStart(media, bytes));
    if (size || bytes === media.bytes) return size;
  }
  return undefined;
}

/** The first bytes of a file; none if it is deleted meanwhile. */
async function readStart({ read }: Media, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    if (bytes > 0) for await (const chunk of read({ start: 0, end: bytes })) chunks.push(chunk);
  } catch (error) {
    if (error instanceof FileGoneError || (error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
  return Buffer.concat(chunks);
}
