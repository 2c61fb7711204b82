import type { Knex } from "knex";

export interface KnexTransaction {
  readOnly?: boolean;
  txid: string;
  trxClient: Knex.Client;
  begin: (connection: object) => Promise<void>;
  rollback: (connection: object, error: unknown) => Promise<void>;
  rollbackTo: (connection: object, error: unknown) => Promise<void>;
  /** With the status 2 the transaction has failed with the value. */
  query: (connection: object, sql: string, status?: 2, value?: unknown) => Promise<void>;
}

/** What is said of a rollback after SQLite has rolled the transaction back by itself, as when the disk is full. */
const isRolledBack = /no transaction is active|no such savepoint/;

/**
 * Takes the lock for writing at the start of each transaction that is not declared as `readOnly`. One that reads first and
 * then writes could not wait for another program's write: SQLite refuses it at once, since what it has read is outdated.
 * A transaction fails with the error that ended it, also where SQLite has rolled it back already.
 */
export function adaptTransaction(transaction: KnexTransaction): KnexTransaction {
  const failAfter = async (connection: object, sql: string, cause: unknown): Promise<void> => {
    let failure = cause;
    try {
      await transaction.trxClient.query(connection, sql);
    } catch (error) {
      if (!isRolledBack.test(String(error))) failure = error;
    }
    // Knex has no other way to end a transaction, and takes the error of its statement for the cause.
    await transaction.query(connection, "SELECT 1;", 2, failure);
  };
  transaction.begin = (connection) =>
    transaction.query(connection, transaction.readOnly ? "BEGIN;" : "BEGIN IMMEDIATE;");
  transaction.rollback = (connection, error) => failAfter(connection, "ROLLBACK;", error);
  transaction.rollbackTo = (connection, error) =>
    failAfter(connection, `ROLLBACK TO SAVEPOINT ${transaction.txid};`, error);
  return transaction;
}
