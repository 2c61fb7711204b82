/** People can't join by an invitation, or no longer: it was used up, revoked, or has expired. */
export class DeadInvitationError extends Error {
  constructor() {
    super("Nobody can join by this invitation");
  }
}

/** A value that must be unique is already in use by another user. */
export class UniqueViolationError extends Error {
  readonly field: "email" | "token";

  constructor(field: "email" | "token") {
    super(`Another user has this ${field}`);
    this.field = field;
  }
}
