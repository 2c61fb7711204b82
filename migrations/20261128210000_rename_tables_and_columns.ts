import type { Knex } from "knex";

const tables = [
  ["attempts", "login_attempts"],
  ["user_words", "user_search_terms"],
  ["import_problems", "import_errors"],
  ["stored_file_pieces", "stored_file_chunks"],
] as const;

/** By the new names of their tables. */
const columns = [
  ["login_attempts", "counted_since", "window_started_at"],
  ["login_attempts", "failed_at", "last_failed_at"],
  ["user_search_terms", "word", "term"],
  ["stored_file_chunks", "piece", "chunk"],
  ["imports", "problem_count", "error_count"],
  ["imports", "preannotated", "preannotated_from_fields"],
  ["organizations", "invite_sealed", "invite_encrypted"],
  ["legacy_tokens", "sealed", "token_encrypted"],
  ["label_studio_sources", "secret_key_sealed", "secret_key_encrypted"],
] as const;

/** Names that say what is in them. Both databases rename in place, so no row is copied. */
export async function up(database: Knex): Promise<void> {
  for (const [from, to] of tables) await database.raw("alter table ?? rename to ??", [from, to]);
  for (const [table, from, to] of columns) await renameColumn(database, table, from, to);
}

export async function down(database: Knex): Promise<void> {
  for (const [table, from, to] of columns) await renameColumn(database, table, to, from);
  for (const [from, to] of tables) await database.raw("alter table ?? rename to ??", [to, from]);
}

/** Not by Knex's builder, which would copy the whole table in SQLite. */
async function renameColumn(database: Knex, table: string, from: string, to: string): Promise<void> {
  await database.raw("alter table ?? rename column ?? to ??", [table, from, to]);
}
