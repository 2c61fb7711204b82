import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("previous_secret_keys", (table) => {
    table.increments("id");
    // With the secret key that replaced it.
    table.text("key_encrypted").notNullable();
    table.string("replaced_at", 27).notNullable();
  });
  // The previous_secret_keys row with whose key the password was hashed, or the token signed; null for the key of today.
  for (const table of ["users", "personal_tokens"]) {
    await database.raw("alter table ?? add column previous_key_id integer", [table]);
    await database.raw("create index ?? on ?? (previous_key_id) where previous_key_id is not null", [
      `${table}_previous_key_id_index`,
      table,
    ]);
  }
}

export async function down(database: Knex): Promise<void> {
  for (const table of ["users", "personal_tokens"]) {
    await database.raw("drop index ??", [`${table}_previous_key_id_index`]);
    await database.raw("alter table ?? drop column previous_key_id", [table]);
  }
  await database.schema.dropTable("previous_secret_keys");
}
