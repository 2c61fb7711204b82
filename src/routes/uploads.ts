import { Router } from "@koa/router";

import type { AppContext, Context, Visitor } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { sendMedia } from "../http/send-media.ts";
import { findUploadedFile } from "../http/uploaded-files.ts";
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
  const file = orNotFound(await findUploadedFile(ctx.repositories, project_id, name));
  try {
    await sendMedia(ctx, file);
  } catch (error) {
    throw error instanceof FileGoneError ? ctx.throw(404) : error;
  }
}
