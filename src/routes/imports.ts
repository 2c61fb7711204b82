import { Router } from "@koa/router";
import { isHttpError } from "http-errors";

import { settleWithin } from "../common/durations.ts";
import { parseId } from "../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { importForm } from "../forms/imports.ts";
import { formatFromName } from "../imports/format.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { pastedText, renderImport, renderImportForm, requiredKeys, undoRefusals } from "../pages/import-page.ts";
import type { Import } from "../repositories/jobs/imports.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { receiveImportForm } from "../uploads/import-form.ts";
import type { ImportForm } from "../uploads/import-form.ts";
import { assertWithinQuota } from "../uploads/quota.ts";

/** Importing tasks from files or pasted text, and the progress and outcome of an import. */
export const imports = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

/** Milliseconds to wait for a small import, so that its page shows the outcome at once instead of the progress. */
const waitForSmallImport = 1000;

imports.get("/import", async (ctx) => {
  await renderImportForm(ctx, await findProjectFromUrl(ctx));
});

imports.post("/import", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { files, text, fields, size_error } = await readForm(ctx);
  const form = size_error
    ? invalidForm(fields, { files: [size_error] })
    : await submit(importForm(requiredKeys(project)), { format: fields["format"], files, text });
  if (form.ok) {
    const { id, finished } = await ctx.importer.start({
      project_id: project.id,
      user_id: ctx.state.user.id,
      files: form.data,
      is_pasted: form.data.some(({ name }) => name === ""),
      preannotated_from_fields: [],
    });
    // Errors of the import are logged by the importer, and its page shows its state.
    await settleWithin(waitForSmallImport, finished);
    ctx.redirect(`/projects/${project.id}/imports/${id}`);
  } else {
    const values = { ...fields, text: text && (await pastedText(ctx, text)) };
    await ctx.repositories.storedFiles.delete([...files, ...(text ? [text] : [])].map(({ stored }) => stored));
    ctx.status = size_error ? 413 : 422;
    await renderImportForm(ctx, project, { values, errors: form.errors });
  }
});

imports.get("/imports/:import_id", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  await renderImport(ctx, project, await findImport(ctx, project), { after: parseId(ctx.query.after) });
});

imports.post("/imports/:import_id/undo", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const job = await findImport(ctx, project);
  const undone = await ctx.importer.undo(job.id);
  if ("refusal" in undone) {
    ctx.status = 409;
    await renderImport(ctx, project, job, { undo_error: undoRefusals[undone.refusal] });
  } else {
    await settleWithin(waitForSmallImport, undone.finished);
    ctx.redirect(`/projects/${project.id}/imports/${job.id}`);
  }
});

/** Returns the import of the address. Throws 404 if there is none, or if it belongs to another project. */
async function findImport(
  { repositories, params }: Pick<Context, "repositories"> & { params: Record<string, string> },
  project: Pick<Project, "id">,
): Promise<Import> {
  const job = await repositories.imports.find(parseId(params.import_id));
  return orNotFound(job?.project_id === project.id ? job : undefined);
}

/** `size_error`: the files are too large, or too much beside those of before, and none of them was stored. */
async function readForm(
  ctx: Pick<Context, "config" | "is" | "req" | "repositories" | "throw">,
): Promise<ImportForm & { size_error?: string }> {
  const empty: ImportForm = { fields: {}, files: [], text: undefined };
  const type = ctx.is("multipart", "urlencoded");
  if (type === "urlencoded") ctx.throw(415);
  if (type !== "multipart") return empty;
  try {
    const form = await receiveImportForm(ctx.req, ctx.repositories.storedFiles);
    const received = [...form.files, ...(form.text ? [form.text] : [])];
    await assertWithinQuota(ctx, received, ({ name }) => formatFromName(name) === "media");
    return form;
  } catch (error) {
    if (isHttpError(error) && error.status === 413) return { ...empty, size_error: error.message };
    throw error;
  }
}
