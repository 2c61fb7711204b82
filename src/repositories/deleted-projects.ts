import type { Knex } from "knex";

import { ForeignKeyViolationError } from "../database/errors.ts";

/*
 * A project is hidden from everybody by a row in `project_deletions`, at once; what belongs to it is deleted by a background job
 * in short transactions. Whoever finds rows by other ids than the project's asks for this, too.
 */

/** The condition that the project with the id in this column is not deleted. */
export function notDeletedSql(project_id: string): string {
  return `not exists (select 1 from project_deletions where project_deletions.id = ${project_id})`;
}

/** The condition that the task with the id in this column belongs to no import that is being undone. */
export function notUndoneSql(task_id: string): string {
  return `not exists (
    select 1 from import_undos where import_undos.first_task_id <= ${task_id} and import_undos.last_task_id >= ${task_id})`;
}

/** The same for the project of the task with the id in this column. */
export function taskNotDeletedSql(task_id: string): string {
  return `not exists (
    select 1 from project_deletions join tasks as deleted_tasks on deleted_tasks.project_id = project_deletions.id
    where deleted_tasks.id = ${task_id})`;
}

/**
 * Throws ForeignKeyViolationError if the project is deleted, as the database does once its row is gone. Call it after a row that
 * refers to the project was inserted in the same transaction.
 */
export async function assertNotDeleted(transaction: Knex, project_id: number): Promise<void> {
  if (await transaction("project_deletions").where({ id: project_id }).first("id"))
    throw new ForeignKeyViolationError(`Project ${project_id} is deleted`);
}
