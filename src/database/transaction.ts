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

/** Carries the result of a dry run out of the transaction that it rolls back. */
class DryRunRollback<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("Rolled back");
    this.result = result;
  }
}

/** The same, and rolls the transaction back at its end unless `isDryRun` is false. */
export async function inDryRun<Result>(
  isDryRun: boolean,
  database: Knex,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(database, async (transaction) => {
      const result = await work(transaction);
      if (isDryRun) throw new DryRunRollback(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRunRollback) return (error as DryRunRollback<Result>).result;
    throw error;
  }
}
