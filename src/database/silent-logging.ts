function ignore(): void {}

/** Knex's settings that keep it from printing: an error's message must not hold what was to be stored, and every error is thrown. */
export const silentLogging = {
  compileSqlOnError: false,
  log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
};
