import assert from "node:assert/strict";
import type { TestContext } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import type { Import } from "../../src/repositories/jobs/imports.ts";
import type { LeasedJob } from "../../src/repositories/jobs/leases.ts";
import type { ProjectChanges } from "../../src/repositories/labeling/projects.ts";
import { startApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { read } from "./pages.ts";
import { addProject } from "./projects.ts";
import { waitUntil } from "./wait-until.ts";

export interface ImportSubmission {
  /** Their contents by their names. */
  files?: Record<string, string | Buffer>;
  text?: string;
  format?: string;
}

/** `addImporter` on a server of its own. */
export async function startImporting(t: TestContext, changes: ProjectChanges = {}) {
  return addImporter(await startApp(t), changes);
}

/** A member with a project that asks for the sentiment of `text`, unless `changes` say otherwise, and what imports into it. */
export async function addImporter(app: TestApp, changes: ProjectChanges = {}) {
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user, changes);
  const address = `/projects/${project.id}`;

  /** Sends the form as a browser does: the fields that were left empty, too. */
  const send = ({ files = {}, text = "", format = "auto" }: ImportSubmission) => {
    const form = browser.post(`${address}/import`);
    for (const [name, content] of Object.entries(files)) void form.attach("files", Buffer.from(content), name);
    return form.field("text", text).field("format", format);
  };

  return {
    ...app,
    browser,
    user,
    project,
    address,
    send,
    /** Sends the form, waits until the import has ended, and opens the page that the form led to. */
    importing: async (sent: ImportSubmission) => {
      const { headers } = await send(sent).expect(303);
      const location = String(headers["location"]);
      const id = Number(location.split("/").at(-1));
      await waitUntil("the import has ended", async () => {
        const state = (await app.repositories.imports.find(id))?.state;
        return state === "done" || state === "refused";
      });
      const page = read(await browser.get(location).expect(200));
      assert.equal(page("progress").length, 0);
      return page;
    },
    /** The data of the project's tasks, in their order. */
    tasks: async () => {
      const stored = app.database("tasks").where({ project_id: project.id }).orderBy("id");
      return (await stored.pluck("data")).map((data) => JSON.parse(data));
    },
  };
}

/** An import at which another server is for an hour. */
export async function addImport(
  { repositories }: Pick<TestApp, "repositories">,
  project: { id: number },
  given: Partial<Pick<Import, "files" | "is_pasted">> = {},
): Promise<LeasedJob> {
  const files = [{ name: "tasks.json", stored: "nowhere", format: "json" as const, bytes: 1000 }];
  const usual = { project_id: project.id, user_id: null, files, is_pasted: false, preannotated_from_fields: [] };
  return repositories.imports.create({ ...usual, ...given }, minutesFromNow(60));
}
