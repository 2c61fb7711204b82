import type { Knex } from "knex";

/** The second factor of people who have one, and since when an organization requires one. */
export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("two_factor", (table) => {
    table.integer("user_id").primary().references("users.id").onDelete("CASCADE");
    table.text("secret_encrypted").notNullable();
    table.string("confirmed_at", 27).notNullable();
    // The 30-second step, since 1970, of the last code that was accepted: it and all before count no more.
    table.integer("last_step").notNullable();
  });
  await database.schema.createTable("recovery_codes", (table) => {
    table.increments("id");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    table.string("digest", 64).notNullable().unique();
    table.string("used_at", 27);
  });
  await database.raw("alter table organizations add column two_factor_required_from varchar(27)");
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table organizations drop column two_factor_required_from");
  await database.schema.dropTable("recovery_codes");
  await database.schema.dropTable("two_factor");
}
