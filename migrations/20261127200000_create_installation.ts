import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("installation", (table) => {
    // There is one.
    table.integer("id").primary();
    // Of the secret key that all servers of this database share.
    table.string("key_digest", 64).notNullable();
    table.string("created_at", 27).notNullable();
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("installation");
}
