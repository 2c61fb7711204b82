import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("import_undos", (table) => {
    // Tasks of an import that are deleted in the background. Nobody labels them any more.
    table.integer("import_id").notNullable().references("imports.id").onDelete("CASCADE");
    table.integer("first_task_id").notNullable();
    table.integer("last_task_id").notNullable();
    table.primary(["first_task_id", "import_id"]);
    table.index("import_id");
  });
  // The number of the record in its file, from 1; null where the file can't be read from there on, or for older errors.
  await database.raw("alter table import_errors add column item integer");
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table import_errors drop column item");
  await database.schema.dropTable("import_undos");
}
