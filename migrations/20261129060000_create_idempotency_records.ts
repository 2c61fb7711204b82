import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("idempotency_records", (table) => {
    // A digest of who sent what to where, or of the Idempotency-Key instead of what.
    table.string("id", 64).primary();
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    // A digest of what was sent.
    table.string("fingerprint", 64).notNullable();
    table.integer("import_id").references("imports.id").onDelete("CASCADE").index();
    // JSON: the answer, for what is no import.
    table.text("response");
    table.string("created_at", 27).notNullable().index();
  });
  await database.schema.alterTable("imports", (table) => {
    // JSON: the ids of the tasks that were added, in order, as pairs of the first and the last of consecutive ones.
    table.text("task_id_ranges").notNullable().defaultTo("[]");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("imports", (table) => table.dropColumn("task_id_ranges"));
  await database.schema.dropTable("idempotency_records");
}
