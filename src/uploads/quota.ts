import createError from "http-errors";

import type { Config } from "../config/config.ts";
import type { Repositories } from "../repositories/index.ts";

interface Server {
  config: Pick<Config, "uploads_quota">;
  repositories: Pick<Repositories, "fileUploads" | "storedFiles">;
}

const bytesPerMegabyte = 1024 * 1024;

/**
 * Throws 413 when these files, which are stored and are to stay, don't fit into what the uploads of this server may have together; they
 * and the others that came with them are deleted then.
 */
export async function assertWithinQuota(
  { config, repositories }: Server,
  files: { stored: string; bytes: number }[],
  others: { stored: string }[] = [],
): Promise<void> {
  const { uploads_quota: quota } = config;
  if (quota === undefined || files.length === 0) return;
  const used = await repositories.fileUploads.totalBytes();
  const more = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (used + more <= quota * bytesPerMegabyte) return;
  await repositories.storedFiles.delete([...files, ...others].map(({ stored }) => stored));
  throw createError(
    413,
    `The files that were uploaded to this server may have ${megabytes(quota)} together. There are ${megabytes(used / bytesPerMegabyte)} by now, and these have ${megabytes(more / bytesPerMegabyte)}. Delete projects or imports that nobody needs, or ask whoever runs the server for more.`,
  );
}

function megabytes(number: number): string {
  return `${number.toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
