declare module "knex/lib/dialects/sqlite3/index.js" {
  import type { Knex } from "knex";

  /** Knex documents that it may be extended, and has no types for it. */
  export default class Client_SQLite3 extends Knex.Client {
    _query(connection: unknown, query: unknown): Promise<unknown>;
    processResponse(query: unknown, runner: unknown): unknown;
    transaction(...args: unknown[]): unknown;
  }
}
