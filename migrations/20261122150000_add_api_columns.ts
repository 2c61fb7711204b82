import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.alterTable("organizations", (table) => {
    table.string("session_policy_updated_at", 27);
  });
  await database.schema.alterTable("personal_tokens", (table) => {
    table.string("last_used_at", 27);
  });
  await database.schema.alterTable("users", (table) => {
    // The API lists members by username.
    table.index(["username", "id"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    table.dropIndex(["username", "id"]);
  });
  await database.schema.alterTable("personal_tokens", (table) => {
    table.dropColumn("last_used_at");
  });
  await database.schema.alterTable("organizations", (table) => {
    table.dropColumn("session_policy_updated_at");
  });
}
