import type { Knex } from "knex";

const workTables = ["imports", "exports", "export_conversions"];

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("stored_files", (table) => {
    table.string("id", 36).primary();
    // What it is of: one of these, or nothing yet.
    table.integer("import_id").references("imports.id").onDelete("CASCADE").index();
    table.integer("export_id").references("exports.id").onDelete("CASCADE").index();
    table.integer("conversion_id").references("export_conversions.id").onDelete("CASCADE").index();
    table.bigInteger("bytes").notNullable().defaultTo(0);
    table.string("created_at", 27).notNullable();
  });
  await database.schema.createTable("stored_file_pieces", (table) => {
    table.string("file_id", 36).notNullable().references("stored_files.id").onDelete("CASCADE");
    table.integer("position").notNullable();
    table.binary("piece").notNullable();
    table.primary(["file_id", "position"]);
  });
  for (const name of workTables) {
    await database.schema.alterTable(name, (table) => {
      // Who works at it and until when that counts; empty for nobody.
      table.string("lease", 36).notNullable().defaultTo("");
      table.string("leased_until", 27).notNullable().defaultTo("");
    });
  }
  await remakeSnapshots(database);
  await endImports(database);
}

/** Their files were in the data folder of one server. The new ones hold the projects as they are now, and say so. */
async function remakeSnapshots(database: Knex): Promise<void> {
  const anew = { status: "created", finished_at: null, created_at: moment() };
  await database("exports")
    .whereNot({ status: "failed" })
    .update({ ...anew, md5: "", task_count: 0 });
  // Other formats are made of these whenever they are asked for.
  await database("export_conversions").delete();
}

/** So were the files of imports that were under way. */
async function endImports(database: Knex): Promise<void> {
  const underWay = database("imports").whereIn("state", ["checking", "adding"]);
  for (const { id, files, tasks_added } of await underWay.clone().select("id", "files", "tasks_added")) {
    const what = tasks_added > 0 ? "Import the tasks that are missing" : "Import them";
    const message = `The server was updated while these files were imported. ${what} once more.`;
    const file: string = JSON.parse(files)[0]?.name ?? "";
    await database("import_problems").insert({ import_id: id, file: file.slice(0, 256), line: 1, message });
  }
  await underWay.update({ state: "refused", problem_count: 1 });
}

function moment(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

export async function down(database: Knex): Promise<void> {
  for (const name of workTables)
    await database.schema.alterTable(name, (table) => table.dropColumns("lease", "leased_until"));
  await database.schema.dropTable("stored_file_pieces");
  await database.schema.dropTable("stored_files");
}
