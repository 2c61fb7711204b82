import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // A zip of what is known of a person, made in the background and kept for a day.
  await database.schema.createTable("take_outs", (table) => {
    table.increments("id");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    // created, in_progress, completed or failed.
    table.string("status", 16).notNullable();
    table.string("created_at", 27).notNullable();
    table.string("finished_at", 27);
    table.string("lease", 36).notNullable().defaultTo("");
    table.string("leased_until", 27).notNullable().defaultTo("");
  });
  await database.raw(
    "alter table stored_files add column take_out_id integer references take_outs (id) on delete cascade",
  );
  await database.schema.alterTable("stored_files", (table) => {
    table.index("take_out_id");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("stored_files", (table) => {
    table.dropIndex("take_out_id");
  });
  await database.raw("alter table stored_files drop column take_out_id");
  await database.schema.dropTable("take_outs");
}
