import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("installation", (table) => {
    // There is one row.
    table.integer("id").primary();
    // A digest of the secret key that all servers on this database share.
    table.string("key_digest", 64).notNullable();
    table.string("created_at", 27).notNullable();
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("installation");
}
