import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { waitFor } from "./wait-until.ts";

type Query = (statement: string | { text: string }, ...rest: unknown[]) => unknown;

/** What Knex calls of a connection: of PostgreSQL's `query`, of SQLite's the others. */
const methods = ["query", "all", "run"] as const;

/**
 * Lets something happen right before this database is sent the first statement that matches: what another server does in the
 * middle of a transaction. Gives whether it has happened.
 */
export function beforeStatement(database: Knex, pattern: RegExp, happens: () => Promise<unknown>): () => boolean {
  let hasHappened = false;
  const { client } = database;
  const acquire = client.acquireConnection;
  client.acquireConnection = async () => {
    const connection: Partial<Record<(typeof methods)[number], Query>> = await acquire.call(client);
    for (const method of methods) {
      const send = connection[method]?.bind(connection);
      if (!send || Object.hasOwn(connection, method)) continue;
      connection[method] = (statement, ...rest) => {
        const text = typeof statement === "string" ? statement : statement.text;
        if (hasHappened || !pattern.test(text)) return send(statement, ...rest);
        hasHappened = true;
        return waitFor(`what happens before ${pattern}`, happens()).then(
          () => send(statement, ...rest),
          (error: unknown) => (rest.at(-1) as (error: unknown) => void)(error),
        );
      };
    }
    return connection;
  };
  return () => hasHappened;
}

/** Waits for work that may have to wait for whoever calls this, and then goes on without it. */
export async function waitBriefly(work: Promise<unknown>, milliseconds = 300): Promise<void> {
  await Promise.race([work, setTimeout(milliseconds)]);
}
