import type { Knex } from "knex";

import { isDeadlock } from "./errors.ts";

const maxAttempts = 5;

type Work<Result> = (transaction: Knex.Transaction) => Promise<Result>;

/**
 * Runs `work` in a transaction, or in a savepoint when `database` is a transaction already. After a deadlock it is run again
 * from its start, so it must change nothing but the database.
 */
export async function inTransaction<Result>(database: Knex, work: Work<Result>): Promise<Result> {
  return repeatAfterDeadlock(database, () => database.transaction(work));
}

/**
 * Runs `work`, which is one statement and so needs no transaction of its own; when `database` is a transaction already, in a
 * savepoint, so that a refused statement does not end it. After a deadlock it is run again.
 */
export async function runStatement<Result>(
  database: Knex,
  work: (database: Knex) => PromiseLike<Result>,
): Promise<Result> {
  if (database.isTransaction) return inTransaction(database, async (savepoint) => work(savepoint));
  return repeatAfterDeadlock(database, () => work(database));
}

async function repeatAfterDeadlock<Result>(database: Knex, work: () => PromiseLike<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isDeadlock(error) || database.isTransaction || attempt === maxAttempts) throw error;
    }
  }
}

/** Carries the result out of a transaction that is rolled back. */
class Rollback<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("Rolled back");
    this.result = result;
  }
}

/** As `inTransaction`, but with `isDryRun` nothing is committed: the transaction is rolled back at its end. */
export async function inTransactionOrDryRun<Result>(
  database: Knex,
  { isDryRun }: { isDryRun: boolean },
  work: Work<Result>,
): Promise<Result> {
  if (!isDryRun) return inTransaction(database, work);
  try {
    return await inTransaction(database, async (transaction) => {
      throw new Rollback(await work(transaction));
    });
  } catch (error) {
    if (error instanceof Rollback) return (error as Rollback<Result>).result;
    throw error;
  }
}
