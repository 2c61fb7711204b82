import type { Knex } from "knex";

/**
 * When a person was last seen, empty for those who never came; `last_activity`, which the API shows, begins with the account.
 * Of accounts that exist only traces tell: a session, a password, or activity after the minute in which they were made.
 */
export async function up(database: Knex): Promise<void> {
  await database.raw("alter table users add column last_seen_at varchar(27) not null default ''");
  await database("users")
    .where("password", "<>", "")
    .orWhereRaw("substr(last_activity, 1, 16) > substr(date_joined, 1, 16)")
    .orWhereExists((sessions: Knex.QueryBuilder) => {
      sessions.from("sessions").whereRaw("sessions.user_id = users.id").select("sessions.id");
    })
    .update({ last_seen_at: database.ref("last_activity") });
  await database.schema.alterTable("users", (table) => {
    table.index(["last_seen_at", "id"]);
    table.dropIndex(["last_activity", "id"]);
    table.index(["date_joined", "id"]);
  });
  // The key of the form that made a token: a form that is sent twice makes one.
  await database.raw("alter table personal_tokens add column form_key varchar(43)");
  await database.schema.alterTable("personal_tokens", (table) => {
    table.unique(["user_id", "form_key"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("personal_tokens", (table) => {
    table.dropUnique(["user_id", "form_key"]);
  });
  await database.raw("alter table personal_tokens drop column form_key");
  await database.schema.alterTable("users", (table) => {
    table.dropIndex(["last_seen_at", "id"]);
    table.index(["last_activity", "id"]);
    table.dropIndex(["date_joined", "id"]);
  });
  await database.raw("alter table users drop column last_seen_at");
}
