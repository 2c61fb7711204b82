/** Something that only one person can have, and somebody has it. */
export class UniqueViolationError extends Error {
  readonly field: "email" | "token";

  constructor(field: "email" | "token") {
    super(`Another user has this ${field}`);
    this.field = field;
  }
}
