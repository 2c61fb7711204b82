import type { Knex } from "knex";

/** Two transactions waited for each other, and PostgreSQL ended this one. */
const deadlock = "40P01";

/** How often a transaction is tried. */
const most = 5;

/**
 * Does some work whole or not at all; inside of a transaction, as a part of it. The work may be done again from its start,
 * so it must change nothing but the database.
 */
export async function inTransaction<Result>(
  database: Knex,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== deadlock || database.isTransaction || tries === most) throw error;
    }
  }
}
