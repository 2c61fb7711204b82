import { Router } from "@koa/router";
import { isHttpError } from "http-errors";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { refuse, submit } from "../forms/form.ts";
import { importForm } from "../forms/imports.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";
import { receiveImportForm } from "../uploads/import-form.ts";
import type { ImportForm } from "../uploads/import-form.ts";
import { settleWithin } from "../common/durations.ts";
import { neededKeys, findProject, showImport, showImportForm, shownText } from "../pages/import-page.ts";

/** Tasks that come into a project, by files or pasted, and what became of them. */
export const imports = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

/** Milliseconds in which a small import is done, so that nobody sees its progress. */
const aMoment = 1000;

imports.get("/import", async (ctx) => {
  await showImportForm(ctx, await findProject(ctx));
});

imports.post("/import", async (ctx) => {
  const project = await findProject(ctx);
  const { files, text, fields, refused } = await received(ctx);
  const form = refused
    ? refuse(fields, { files: [refused] })
    : await submit(importForm(neededKeys(project)), { format: fields["format"], files, text });
  if (form.ok) {
    const { id, finished } = await ctx.importer.start({
      project_id: project.id,
      user_id: ctx.state.user.id,
      files: form.data,
      is_pasted: form.data.some(({ name }) => name === ""),
      preannotated: [],
    });
    // What goes wrong is logged, and the page tells that the import stands still.
    await settleWithin(aMoment, finished);
    ctx.redirect(`/projects/${project.id}/imports/${id}`);
  } else {
    const values = { ...fields, text: text && (await shownText(ctx, text)) };
    await ctx.repositories.storedFiles.delete([...files, ...(text ? [text] : [])].map(({ stored }) => stored));
    ctx.status = refused ? 413 : 422;
    await showImportForm(ctx, project, { values, errors: form.errors });
  }
});

imports.get("/imports/:import_id", async (ctx) => {
  const project = await findProject(ctx);
  const wanted = await ctx.repositories.imports.find(parseId(ctx.params.import_id));
  await showImport(
    ctx,
    project,
    orNotFound(wanted?.project_id === project.id ? wanted : undefined),
    parseId(ctx.query.after),
  );
});

/** What was sent; `refused` says that it was too large. */
async function received(
  ctx: Pick<Context, "is" | "req" | "repositories" | "throw">,
): Promise<ImportForm & { refused?: string }> {
  const nothing: ImportForm = { fields: {}, files: [], text: undefined };
  const type = ctx.is("multipart", "urlencoded");
  if (type === "urlencoded") ctx.throw(415);
  if (type !== "multipart") return nothing;
  try {
    return await receiveImportForm(ctx.req, ctx.repositories.storedFiles);
  } catch (error) {
    if (isHttpError(error) && error.status === 413) return { ...nothing, refused: error.message };
    throw error;
  }
}
