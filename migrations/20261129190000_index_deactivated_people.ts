import type { Knex } from "knex";

/** A partial index to count and list people who are deactivated, who are few. */
export async function up(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    table.index(["id"], "users_deactivated_index", { predicate: database.whereRaw("not is_active") });
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("users", (table) => {
    table.dropIndex(["id"], "users_deactivated_index");
  });
}
