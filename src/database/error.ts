/** A database that can't be reached, or that this program must not touch. The message says what to do. */
export class DatabaseError extends Error {}
