import createError from "http-errors";

import type { Config } from "../config/config.ts";
import type { Repositories } from "../repositories/index.ts";

interface Server {
  config: Pick<Config, "uploads_quota">;
  repositories: Pick<Repositories, "fileUploads" | "storedFiles">;
}

const bytesPerMegabyte = 1024 * 1024;

/**
 * Throws 413 when those of these stored files that are to stay don't fit into what the uploads of this server may have together; all of
 * them are deleted then.
 */
export async function assertWithinQuota<File extends { stored: string; bytes: number }>(
  { config, repositories }: Server,
  files: File[],
  stays: (file: File) => boolean,
): Promise<void> {
  const { uploads_quota: quota } = config;
  const uploads = files.filter(stays);
  if (quota === undefined || uploads.length === 0) return;
  const used = await repositories.fileUploads.totalBytes();
  const more = uploads.reduce((sum, { bytes }) => sum + bytes, 0);
  if (used + more <= quota * bytesPerMegabyte) return;
  await repositories.storedFiles.delete(files.map(({ stored }) => stored));
  throw createError(
    413,
    `The files that were uploaded to this server may have ${megabytes(quota)} together. There are ${megabytes(used / bytesPerMegabyte)} by now, and these have ${megabytes(more / bytesPerMegabyte)}. Delete projects or imports that nobody needs, or ask whoever runs the server for more.`,
  );
}

function megabytes(number: number): string {
  return `${number.toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
