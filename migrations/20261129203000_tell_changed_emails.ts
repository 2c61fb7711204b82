import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    // The email that somebody else has changed, until its person has read that.
    table.string("previous_email", 254);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => table.dropColumn("previous_email"));
}
