import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { waitFor } from "./wait-until.ts";

type Query = (statement: string | { text: string }, ...rest: unknown[]) => unknown;

/** What is called for each statement: of a connection of PostgreSQL, and of what a connection of SQLite has prepared. */
interface Connection {
  query?: Query;
  statements?: { execute: Query };
}

interface Interruption {
  pattern: RegExp;
  /** On SQLite, transactions count only once this has been sent. */
  since: RegExp | undefined;
  happens: () => Promise<unknown>;
  hasHappened: boolean;
}

/** The last one of each client of Knex. */
const interruptions = new WeakMap<Knex.Client, Interruption>();

/** What SQLite begins a transaction with, which nothing that another program writes can come between. */
const sqliteBegin = /^BEGIN IMMEDIATE/;

/**
 * Lets something happen right before this database is sent the next statement that matches: what another server does in the
 * middle of a transaction, or on SQLite right before the next transaction. Returns whether it has happened. A second call on the
 * same database replaces what has not happened. With `since`, transactions of SQLite count only after a statement that matches it.
 */
export function beforeStatement(
  database: Knex,
  pattern: RegExp,
  happens: () => Promise<unknown>,
  since?: RegExp,
): () => boolean {
  const client: Knex.Client = database.client;
  const interruption = { pattern, since, happens, hasHappened: false };
  if (!interruptions.has(client)) wrapConnections(client);
  interruptions.set(client, interruption);
  return () => interruption.hasHappened;
}

function wrapConnections(client: Knex.Client): void {
  const acquire = client.acquireConnection.bind(client);
  client.acquireConnection = async () => {
    const connection: Connection = await acquire();
    const { statements } = connection;
    if (statements && !Object.hasOwn(statements, "execute"))
      statements.execute = interruptible(client, statements.execute.bind(statements));
    else if (connection.query && !Object.hasOwn(connection, "query"))
      connection.query = interruptible(client, connection.query.bind(connection));
    return connection;
  };
}

function interruptible(client: Knex.Client, send: Query): Query {
  return (statement, ...rest) => {
    const text = typeof statement === "string" ? statement : statement.text;
    const interruption = interruptions.get(client);
    if (interruption?.since?.test(text)) interruption.since = undefined;
    const isBegin = sqliteBegin.test(text) && !interruption?.since;
    const isDue = interruption && (isBegin || interruption.pattern.test(text));
    if (!isDue || interruption.hasHappened) return send(statement, ...rest);
    interruption.hasHappened = true;
    const happened = waitFor(`what happens before ${interruption.pattern}`, interruption.happens());
    const fail = rest.at(-1);
    return happened.then(() => send(statement, ...rest), typeof fail === "function" ? (fail as () => void) : undefined);
  };
}

/** Waits for work that may have to wait for whoever calls this, and then goes on without it. */
export async function waitBriefly(work: Promise<unknown>, milliseconds = 300): Promise<void> {
  await Promise.race([work, setTimeout(milliseconds)]);
}
