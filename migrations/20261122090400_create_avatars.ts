import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("avatars", (table) => {
    table.string("name", 64).primary();
    table.integer("user_id").notNullable().unique().references("users.id").onDelete("CASCADE");
    table.string("type", 32).notNullable();
    table.binary("image").notNullable();
    table.string("created_at", 27).notNullable();
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("avatars");
}
