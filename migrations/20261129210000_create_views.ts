import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // Saved filters of a project's tasks.
  await database.schema.createTable("views", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    // Who made it: it is everybody's.
    table.integer("user_id").references("users.id").onDelete("SET NULL").index();
    table.integer("position").notNullable().defaultTo(0);
    // JSON: its title, filters and ordering, and what programs keep with it.
    table.text("data").notNullable();
    // JSON, or null for all tasks that the filters find.
    table.text("selected_items");
    table.index(["project_id", "position", "id"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("views");
}
