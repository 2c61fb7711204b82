import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("attempts", (table) => {
    table.string("key", 80).primary();
    table.integer("failures").notNullable();
    table.string("counted_since", 27).notNullable();
    table.string("failed_at", 27).notNullable().index();
    table.string("blocked_until", 27).notNullable();
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("attempts");
}
