import type { Statement } from "sqlite3";

/** A connection of the driver's. */
export interface SqliteConnection {
  exec(sql: string, callback: (error: Error | null) => void): void;
  prepare(sql: string, callback: (error: Error | null) => void): Statement;
}

/** What the driver answers: rows, or what a change did. */
export interface Outcome {
  response?: unknown;
  context?: { lastID: number; changes: number };
}

/** Statements that one connection keeps. All pages and calls together have about as many. */
const maxStatements = 150;

/** Longer ones, which have the values of many rows, take more memory than time. */
const maxLength = 8_000;

/** A PRAGMA takes effect when it is prepared, and a change of the schema is made once. */
const reusableSql = /^\s*(?:select|insert|update|delete|with|begin|commit)\b/i;

/**
 * What a connection has prepared, by its text, those that were used last. SQLite itself prepares a statement anew when the schema
 * has changed, and the driver lets it wait while it runs with other values.
 */
export class StatementCache {
  readonly #connection: SqliteConnection;
  readonly #statements = new Map<string, Promise<Statement>>();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Runs a statement, and returns its rows; with `isChange`, which has none, what it changed. */
  async execute(sql: string, bindings: readonly unknown[], isChange: boolean): Promise<Outcome> {
    if (sql.length > maxLength || !reusableSql.test(sql)) {
      const statement = await this.#prepare(sql);
      try {
        return await execute(statement, bindings, isChange);
      } finally {
        await finalize(statement);
      }
    }
    const statement = await this.#cached(sql);
    try {
      return await execute(statement, bindings, isChange);
    } catch (error) {
      // It may be in the middle of what failed, and would hold a lock.
      this.#statements.delete(sql);
      await finalize(statement);
      throw error;
    }
  }

  /** Frees all of them, without which the connection can't be closed. */
  async finalize(): Promise<void> {
    const statements = [...this.#statements.values()];
    this.#statements.clear();
    for (const statement of statements) await statement.then(finalize, () => undefined);
  }

  #cached(sql: string): Promise<Statement> {
    let statement = this.#statements.get(sql);
    if (statement) {
      this.#statements.delete(sql);
    } else {
      statement = this.#prepare(sql);
      statement.catch(() => this.#statements.delete(sql));
    }
    this.#statements.set(sql, statement);
    if (this.#statements.size > maxStatements) this.#dropOldest();
    return statement;
  }

  #dropOldest(): void {
    const [oldest] = this.#statements;
    if (!oldest) return;
    const [sql, statement] = oldest;
    this.#statements.delete(sql);
    void statement.then(finalize, () => undefined);
  }

  #prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const statement = this.#connection.prepare(sql, (error) => {
        if (error) reject(error);
        else resolve(statement);
      });
    });
  }
}

function execute(statement: Statement, bindings: readonly unknown[], isChange: boolean): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (isChange) {
      statement.run(bindings, function done(error) {
        // Copied, since the statement may run again before they are read.
        if (error) reject(error);
        else resolve({ context: { lastID: this.lastID, changes: this.changes } });
      });
    } else {
      statement.all(bindings, (error: Error | null, response: unknown) => {
        if (error) reject(error);
        else resolve({ response });
      });
    }
  });
}

function finalize(statement: Statement): Promise<void> {
  return new Promise((resolve) => void statement.finalize(() => resolve()));
}
