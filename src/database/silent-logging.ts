function ignore(): void {}

/** Options that keep Knex from logging and from putting values into error messages, which may be secret. All errors are thrown. */
export const silentLogging = {
  compileSqlOnError: false,
  log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
};
