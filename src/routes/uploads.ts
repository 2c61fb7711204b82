import { Router } from "@koa/router";

import type { ByteRange } from "../common/file-folder.ts";
import { parseId } from "../common/ids.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { sendMedia } from "../http/send-media.ts";
import { requireCredentials } from "../middleware/authentication.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";

/** The files that were uploaded to projects, for members: in a browser, or with a token. */
export const uploads = new Router<Visitor, AppContext>();

uploads.get("/data/upload/:project_id/:name", requireCredentials, async (ctx) => {
  await sendUpload(ctx, String(ctx.params.project_id), String(ctx.params.name));
});

/** The address that Label Studio has for them behind a proxy of its own; `filepath` is the path below `/data/`. */
uploads.get("/storage-data/uploaded/", requireCredentials, async (ctx) => {
  const path = [ctx.query["filepath"]].flat()[0] ?? "";
  const [, project_id = "", name = ""] = /^upload\/(\d+)\/([^/]+)$/.exec(path) ?? [];
  await sendUpload(ctx, project_id, name);
});

async function sendUpload(ctx: Context, project_id: string, name: string): Promise<void> {
  const { fileUploads, storedFiles } = ctx.repositories;
  const isStorable = !name.includes("\0");
  const file = orNotFound(isStorable ? await fileUploads.findFile(parseId(project_id), name) : undefined);
  try {
    const read = (range: ByteRange) => storedFiles.read(file, undefined, range);
    await sendMedia(ctx, { name, bytes: file.bytes, version: file.id, read });
  } catch (error) {
    throw error instanceof FileGoneError ? ctx.throw(404) : error;
  }
}
