/** An operational error: nothing is wrong with the program. Its message says what to do, and needs no stack trace. */
export class OperationalError extends Error {
  /** What a command ends with. */
  get exitCode(): number {
    return 1;
  }
}
