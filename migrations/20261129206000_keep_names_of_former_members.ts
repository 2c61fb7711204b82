import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // Whether pages show the names of those who left beside what they labeled, and deleted accounts keep them for that.
  await database.raw(
    "alter table organizations add column keep_names_of_former_members boolean not null default false",
  );
  // When an account was deleted of which the name stays; its email is a placeholder then.
  await database.raw("alter table users add column erased_at varchar(27)");
  // A partial index to count them, who are few.
  await database.schema.alterTable("users", (table) => {
    table.index(["id"], "users_erased_index", { predicate: database.whereNotNull("erased_at") });
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    table.dropIndex(["id"], "users_erased_index");
  });
  await database.raw("alter table users drop column erased_at");
  await database.raw("alter table organizations drop column keep_names_of_former_members");
}
