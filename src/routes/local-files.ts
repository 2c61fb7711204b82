import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { findLocalFile } from "../http/local-files.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { sendMedia } from "../http/send-media.ts";
import { requireCredentials } from "../middleware/authentication.ts";

/** The files of storages on the server's disk, for members: `d` is the path below LOCAL_FILES_DOCUMENT_ROOT. */
export const localFiles = new Router<Visitor, AppContext>();

localFiles.get("/data/local-files/", requireCredentials, async (ctx) => {
  const { config, repositories } = ctx;
  if (config.local_files_root === undefined)
    ctx.throw(
      403,
      "Local files are not served here: LOCAL_FILES_SERVING_ENABLED and LOCAL_FILES_DOCUMENT_ROOT switch it on.",
    );
  const path = [ctx.query["d"]].flat().at(-1) ?? "";
  if (path === "") ctx.throw(403, "Say which file: ?d=folder/image.png");
  await sendMedia(ctx, orNotFound(await findLocalFile(config, await repositories.localStorages.listPaths(), path)));
});
