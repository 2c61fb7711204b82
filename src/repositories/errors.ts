/** A value that must be unique is already in use by another user. */
export class UniqueViolationError extends Error {
  readonly field: "email" | "token";

  constructor(field: "email" | "token") {
    super(`Another user has this ${field}`);
    this.field = field;
  }
}
