import type { Knex } from "knex";

import { isDeadlock } from "./errors.ts";

const maxAttempts = 5;

/**
 * Runs `work` in a transaction, or in a savepoint when `database` is a transaction already. After a deadlock it is run again
 * from its start, so it must change nothing but the database.
 */
export async function inTransaction<Result>(
  database: Knex,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (!isDeadlock(error) || database.isTransaction || attempt === maxAttempts) throw error;
    }
  }
}
