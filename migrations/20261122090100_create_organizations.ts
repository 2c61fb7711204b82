import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("organizations", (table) => {
    // There is one row. Its id is set by the program.
    table.integer("id").primary();
    table.string("title", 1000).notNullable();
    table.string("contact_info", 254);
    table.integer("created_by_id").unique().references("users.id").onDelete("SET NULL");
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    table.integer("member_count").notNullable().defaultTo(0);
    table.string("invite_digest", 64).notNullable().unique();
    table.text("invite_sealed").notNullable();
    table.boolean("api_tokens_enabled").notNullable().defaultTo(true);
    table.boolean("legacy_api_tokens_enabled").notNullable().defaultTo(false);
    table.integer("api_token_ttl_days").notNullable();
    // In minutes.
    table.integer("max_session_age").notNullable();
    table.integer("max_time_between_activity").notNullable();
  });
  await database.schema.createTable("organization_members", (table) => {
    table.increments("id");
    table.integer("organization_id").notNullable().references("organizations.id").onDelete("CASCADE");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.string("created_at", 27).notNullable();
    table.string("deleted_at", 27);
    table.unique(["user_id", "organization_id"]);
    table.index("organization_id");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("organization_members");
  await database.schema.dropTable("organizations");
}
