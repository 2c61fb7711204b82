import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("events", (table) => {
    table.increments("id");
    table.string("created_at", 27).notNullable().index();
    table.string("name", 64).notNullable();
    // Who did it; null for strangers, for the command line, and once the account is deleted.
    table.integer("actor_id").references("users.id").onDelete("SET NULL");
    // Whose account it is about.
    table.integer("subject_id").references("users.id").onDelete("SET NULL");
    // Empty on the command line.
    table.string("ip", 64).notNullable();
    table.string("user_agent", 256).notNullable();
    // JSON.
    table.text("details").notNullable();
    table.index(["actor_id", "id"]);
    table.index(["subject_id", "id"]);
    table.index(["name", "id"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("events");
}
