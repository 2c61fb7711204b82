import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("imports", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE").index();
    table.integer("user_id").references("users.id").onDelete("SET NULL").index();
    table.string("state", 16).notNullable().index();
    // JSON: the uploaded files, with where they are stored.
    table.text("files").notNullable();
    table.boolean("is_pasted").notNullable().defaultTo(false);
    // JSON: the names of the fields that become predictions.
    table.text("preannotated").notNullable().defaultTo("[]");
    table.bigInteger("bytes").notNullable();
    table.bigInteger("bytes_checked").notNullable().defaultTo(0);
    // Known once all files are validated.
    for (const count of ["task_count", "annotation_count", "prediction_count", "problem_count"])
      table.integer(count).notNullable().defaultTo(0);
    // JSON: the names of the fields that all tasks have.
    table.text("fields").notNullable().defaultTo("[]");
    table.integer("tasks_added").notNullable().defaultTo(0);
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
  });
  await database.schema.createTable("import_problems", (table) => {
    table.increments("id");
    table.integer("import_id").notNullable().references("imports.id").onDelete("CASCADE");
    table.string("file", 256).notNullable();
    table.integer("line").notNullable();
    table.text("message").notNullable();
    table.index(["import_id", "id"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("import_problems");
  await database.schema.dropTable("imports");
}
