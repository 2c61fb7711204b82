import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("exports", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    table.integer("created_by_id").references("users.id").onDelete("SET NULL").index();
    table.text("title").notNullable();
    table.string("status", 16).notNullable().index();
    // JSON: the filters of tasks and annotations, and the options of serialization.
    table.text("options").notNullable();
    // The checksum of the file, once it is written.
    table.string("md5", 32).notNullable().defaultTo("");
    table.integer("task_count").notNullable().defaultTo(0);
    table.string("created_at", 27).notNullable();
    table.string("finished_at", 27);
    table.index(["project_id", "id"]);
  });
  await database.schema.createTable("export_conversions", (table) => {
    table.increments("id");
    table.integer("export_id").notNullable().references("exports.id").onDelete("CASCADE").index();
    table.string("export_type", 16).notNullable();
    table.string("status", 16).notNullable().index();
    table.string("created_at", 27).notNullable();
    table.string("finished_at", 27);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("export_conversions");
  await database.schema.dropTable("exports");
}
