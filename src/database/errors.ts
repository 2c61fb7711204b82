import { OperationalError } from "../common/operational-error.ts";

/** A database that can't be reached, or that this program must not touch. The message says what to do. */
export class DatabaseError extends OperationalError {}

/** Returns a driver's message in one line, without the SQL statement that Knex puts in front of it. */
export function databaseMessage(error: Error): string {
  return oneLine(withoutStatement(error.message));
}

function withoutStatement(message: string): string {
  return message.split(" - ").at(-1) ?? "";
}

/** Returns a text with a space in place of each line end. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** SQLSTATE codes of a PostgreSQL server that is starting, is shutting down or has no free connection. */
const temporaryStates = new Set(["57P01", "57P02", "57P03", "53300"]);

/** SQLSTATE class 08, Connection Exception. */
const connectionException = /^08\w{3}$/;

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Errors of files have some of these codes, too, and so has a browser that hangs up: the system call tells them apart. */
const networkCalls = new Set(["connect", "getaddrinfo", "read", "write"]);

/** The driver's errors for a lost connection have no code, nor has Knex's when the connection pool is exhausted. */
const lostConnection =
  /^(?:Connection terminated|timeout exp|timeout exceeded when trying to connect|Knex: Timeout acquiring)|not queryable$/;

/** Whether an error has the words of a lost connection; the statement that was under way may stand in front of them. */
function isLostConnection({ code, message = "" }: Partial<NodeJS.ErrnoException>): boolean {
  return code === undefined && lostConnection.test(withoutStatement(message));
}

/** Returns the error of the first address when a host has several and all of them failed, else the error itself. */
export function firstReason(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] as unknown) : error;
}

/** Whether an error means that the database can't be reached at the moment, so that a retry may succeed. */
export function isUnreachable(error: unknown): boolean {
  const reason = Object(firstReason(error)) as Partial<NodeJS.ErrnoException>;
  const { code = "", syscall = "" } = reason;
  if (networkCalls.has(syscall)) return networkCodes.has(code);
  return temporaryStates.has(code) || connectionException.test(code) || isLostConnection(reason);
}

/** SQLSTATE of a transaction that PostgreSQL has aborted to resolve a deadlock. */
const deadlock = "40P01";

/** SQLite's database was locked by another program for longer than its busy timeout; PostgreSQL ended a lock wait or a deadlock. */
const lockedCodes = new Set(["SQLITE_BUSY", "SQLITE_LOCKED", "55P03", deadlock]);

/** SQLite's disk, and PostgreSQL's, is full (or a quota is used up). */
const fullCodes = new Set(["SQLITE_FULL", "53100", "ENOSPC", "EDQUOT"]);

/** Whether PostgreSQL has aborted the transaction, which may be run again from its start. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === deadlock;
}

/** Whether somebody else held a lock for too long, so that a retry may succeed. */
export function isLocked(error: unknown): boolean {
  return lockedCodes.has(codeOf(error));
}

/** Whether there is no space left for what was to be written. */
export function isFull(error: unknown): boolean {
  return fullCodes.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return (Object(error) as Partial<NodeJS.ErrnoException>).code ?? "";
}

/** SQLite says only that some constraint was violated; which kind stands in its message. */
const sqliteForeignKey = /\bFOREIGN KEY constraint failed\b/;

/** PostgreSQL's code for a violated foreign key. */
const postgresForeignKey = "23503";

/** For a row that has to be there before another one is written, where the database was not the first to see that it isn't. */
export class ForeignKeyViolationError extends Error {}

/** Whether the database refused a row because one that it refers to is not there: most often it was deleted a moment before. */
export function isForeignKeyViolation(error: unknown): boolean {
  if (error instanceof ForeignKeyViolationError) return true;
  const { code, message = "" } = Object(error) as Partial<NodeJS.ErrnoException>;
  return code === postgresForeignKey || (code === "SQLITE_CONSTRAINT" && sqliteForeignKey.test(message));
}

/** PostgreSQL's code for a violated unique index. */
const postgresUnique = "23505";

/** Whether the database refused a row because another one has the same value: most often it was written a moment before. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, message = "" } = Object(error) as Partial<NodeJS.ErrnoException>;
  return code === postgresUnique || (code === "SQLITE_CONSTRAINT" && /\bUNIQUE constraint failed\b/.test(message));
}
