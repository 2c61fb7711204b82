import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    // A covering index for the page People sorted by email.
    table.index(["email", "id"]);
  });
  await database.schema.alterTable("user_words", (table) => {
    // For the lookup whether a user has a word. It replaces the index on user_id.
    table.index(["user_id", "word"]);
    table.dropIndex("user_id");
  });
  await database.schema.alterTable("organization_members", (table) => {
    // A partial index to count former members, who are few.
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
