import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("imported_passwords", (table) => {
    table.integer("user_id").primary().references("users.id").onDelete("CASCADE");
    // In Django's format: pbkdf2_sha256$iterations$salt$hash.
    table.string("hash", 256).notNullable();
    table.integer("iterations").notNullable().index();
  });
  await database.schema.createTable("label_studio_sources", (table) => {
    table.increments("id");
    // A digest that identifies a database of Label Studio.
    table.string("fingerprint", 64).notNullable().unique();
    // Encrypted; verifies the personal access tokens that were imported from this source.
    table.text("secret_key_sealed");
    table.string("created_at", 27).notNullable();
  });
  await database.schema.createTable("label_studio_ids", (table) => {
    table.integer("source_id").notNullable().references("label_studio_sources.id").onDelete("CASCADE");
    table.string("table_name", 32).notNullable();
    // The ids from first to last in the source became a range of ids that starts at the new id.
    table.integer("first_id").notNullable();
    table.integer("last_id").notNullable();
    table.integer("new_id").notNullable();
    table.primary(["source_id", "table_name", "first_id"]);
  });
  await database.schema.alterTable("personal_tokens", (table) => {
    // The label_studio_sources row with whose key the token is signed; null for a token of this server.
    table.integer("source_id");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("personal_tokens", (table) => {
    table.dropColumn("source_id");
  });
  for (const table of ["label_studio_ids", "label_studio_sources", "imported_passwords"])
    await database.schema.dropTable(table);
}
