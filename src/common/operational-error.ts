/** An error of the environment or of input, not of the program. Its message says what to do, and needs no stack trace. */
export class OperationalError extends Error {
  /** The exit code of a command that fails with it. */
  get exitCode(): number {
    return 1;
  }
}
