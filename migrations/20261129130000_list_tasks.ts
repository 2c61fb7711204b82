import type { Knex } from "knex";

const skipped = "cancelled_annotations > 0 and total_annotations = 0";

/** Partial indexes: the list of skipped tasks in both orders, and the tasks that several people annotated, to compare their answers. */
const indexes = {
  tasks_skipped_id_index: `(project_id, id) where ${skipped}`,
  tasks_skipped_updated_at_index: `(project_id, updated_at, id) where ${skipped}`,
  tasks_shared_index: "(project_id, id) where total_annotations > 1",
};

export async function up(database: Knex): Promise<void> {
  for (const [name, columns] of Object.entries(indexes))
    await database.raw(`create index ?? on tasks ${columns}`, [name]);
  await database.raw("alter table projects add column skipped_task_number integer not null default 0");
  await database("projects").update({
    skipped_task_number: database("tasks").whereRaw(`project_id = projects.id and ${skipped}`).count("*"),
  });
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table projects drop column skipped_task_number");
  for (const name of Object.keys(indexes)) await database.raw("drop index ??", [name]);
}
