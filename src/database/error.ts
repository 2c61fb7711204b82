import { OperationalError } from "../common/operational-error.ts";

/** A database that can't be reached, or that this program must not touch. The message says what to do. */
export class DatabaseError extends OperationalError {}

/** What the database said, in one line and without the statement that Knex puts before it. */
export function databaseMessage(error: Error): string {
  return (error.message.split(" - ").at(-1) ?? "").replaceAll(/\s*\n\s*/g, " ");
}
