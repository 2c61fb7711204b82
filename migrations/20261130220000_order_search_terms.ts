import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // The sort keys of the user, for lists of those with a common word; null in the row of a whole email, of which there are many
  // for one beginning. The words of an email are rows of their own.
  await database.raw("alter table user_search_terms add column email varchar(254)");
  await database.raw("alter table user_search_terms add column sort_name varchar(256)");
  // The words of an email are other letters than its own where these are to be composed, and then it is a word, too.
  await database.raw(`update user_search_terms set (email, sort_name) =
    (select users.email, users.sort_name from users where users.id = user_search_terms.user_id)
    where term not like '%@%' or octet_length(term) <> length(term)`);
  await database.schema.alterTable("user_search_terms", (table) => {
    for (const column of ["email", "sort_name"])
      table.index(["term", column, "user_id"], `user_search_terms_${column}_index`, {
        predicate: database.whereNotNull(column),
      });
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("user_search_terms", (table) => {
    for (const column of ["email", "sort_name"]) table.dropIndex([], `user_search_terms_${column}_index`);
  });
  for (const column of ["email", "sort_name"])
    await database.raw("alter table user_search_terms drop column ??", [column]);
}
