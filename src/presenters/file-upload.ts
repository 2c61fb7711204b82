import * as z from "zod";

import type { FileUpload } from "../repositories/jobs/file-uploads.ts";

export const fileUploadRecord = z
  .object({
    id: z.int(),
    /** Its path below `/data/`. */
    file: z.string(),
    /** Bytes; null where the file came from elsewhere without its content. */
    size: z.int().nullable(),
  })
  .meta({ id: "FileUpload" });

export function presentFileUpload({
  id,
  project_id,
  file,
  bytes,
}: Pick<FileUpload, "id" | "project_id" | "file" | "bytes">): z.output<typeof fileUploadRecord> {
  return { id, file: `upload/${project_id}/${file}`, size: bytes };
}
