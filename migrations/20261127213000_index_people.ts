import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    // People reads along it, and needs nothing but these.
    table.index(["email", "id"]);
  });
  await database.schema.alterTable("user_words", (table) => {
    // Whether a person has such a word: serves as the index of their id, too.
    table.index(["user_id", "word"]);
    table.dropIndex("user_id");
  });
  await database.schema.alterTable("organization_members", (table) => {
    // Few were removed, and are counted here.
    table.index(["deleted_at"], "organization_members_deleted_at_index", {
      predicate: database.whereNotNull("deleted_at"),
    });
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("organization_members", (table) => {
    table.dropIndex("deleted_at");
  });
  await database.schema.alterTable("user_words", (table) => {
    table.index("user_id");
    table.dropIndex(["user_id", "word"]);
  });
  await database.schema.alterTable("users", (table) => {
    table.dropIndex(["email", "id"]);
  });
}
