import { minutesFromNow } from "../src/common/timestamps.ts";
import type { Repositories } from "../src/repositories/index.ts";
import { label_config } from "./server.ts";

/** Creates so many users, with names. */
export async function addPeople({ users }: Repositories, count: number): Promise<void> {
  for (let number = 1; number <= count; number++)
    await users.create({ email: `person${number}@example.com`, first_name: "Person", last_name: `${number}` });
}

/** Creates a project of the first user's with so many tasks, and returns its id. */
export async function addProject({ projects, imports, bulkInsert }: Repositories, tasks: number): Promise<number> {
  const { id: project_id } = await projects.create(1, 1, { title: "Reviews", label_config, maximum_annotations: 1000 });
  const newImport = { project_id, user_id: 1, files: [], is_pasted: false, preannotated_from_fields: [] };
  const job = await imports.create(newImport, minutesFromNow(60));
  for (let tasks_added = 0; tasks_added < tasks; tasks_added += 500) {
    const task = (number: number) => ({
      data: JSON.stringify({ text: `Review ${number}: as long as people write them, with a word or two more.` }),
      meta: "{}",
      file_upload_id: null,
      annotations: [],
      predictions: [],
    });
    const count = Math.min(500, tasks - tasks_added);
    const batch = Array.from({ length: count }, (_, number) => task(tasks_added + number));
    await bulkInsert.addTasks(job, { project_id, tasks_added, task_id_ranges: [] }, batch);
  }
  await imports.finish(job);
  return project_id;
}
