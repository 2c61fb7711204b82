import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("users", (table) => {
    table.increments("id");
    table.string("email", 254).notNullable().unique();
    table.string("username", 256).notNullable();
    table.string("first_name", 256).notNullable().defaultTo("");
    table.string("last_name", 256).notNullable().defaultTo("");
    table.string("phone", 256).notNullable().defaultTo("");
    table.string("password", 256).notNullable().defaultTo("");
    table.string("password_changed_at", 27).notNullable().defaultTo("");
    table.string("avatar", 64);
    table.boolean("is_active").notNullable().defaultTo(true);
    table.boolean("allow_newsletters");
    table.text("custom_hotkeys").notNullable().defaultTo("{}");
    table.string("date_joined", 27).notNullable();
    table.string("last_activity", 27).notNullable();
    // The name in lower case, or the email of a user without one: the sort key of the page People.
    table.string("sort_name", 256).notNullable();
    table.index(["sort_name", "id"]);
    table.index(["last_activity", "id"]);
  });
  await database.schema.createTable("user_words", (table) => {
    table.string("word", 256).notNullable();
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.primary(["word", "user_id"]);
    table.index("user_id");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("user_words");
  await database.schema.dropTable("users");
}
