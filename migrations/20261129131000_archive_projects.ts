import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // When somebody put the project away: lists and home leave it out then.
  await database.raw("alter table projects add column archived_at varchar(27)");
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table projects drop column archived_at");
}
