import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("sessions", (table) => {
    table.increments("id");
    table.string("digest", 64).notNullable().unique();
    table.integer("user_id").references("users.id").onDelete("CASCADE").index();
    table.text("data").notNullable();
    table.string("user_agent", 256).notNullable();
    table.string("created_at", 27).notNullable();
    table.string("last_seen_at", 27).notNullable();
    table.string("expires_at", 27).notNullable().index();
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("sessions");
}
