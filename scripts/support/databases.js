// Which tests run on which database. What a database decides runs on both: queries, transactions, locks, and what a column
// can store. Everything else (words, addresses, forms, status codes, files, commands) can't come out differently, so it runs
// once, on SQLite.

export const databases = ["sqlite", "postgresql"];

/** Takes `--on=sqlite` or `--on=postgresql` out of arguments: the database, if there is one, and the other arguments. */
export function readDatabase(args) {
  const [option] = args.filter((argument) => argument.startsWith("--on="));
  const on = option?.slice("--on=".length);
  if (on !== undefined && !databases.includes(on)) {
    console.error(`There is no ${option}: use --on=${databases.join(" or --on=")}.`);
    process.exit(2);
  }
  return { on, rest: args.filter((argument) => argument !== option) };
}

/** Folders and files below test/ that run on both databases. */
const onBoth = [
  "background/",
  "database/",
  "label-studio/into-existing.test.ts",
  "label-studio/migration.test.ts",
  "repositories/",
  "api/actions.test.ts",
  "api/file-uploads.test.ts",
  "api/idempotency.test.ts",
  "api/local-files.test.ts",
  "api/task-filters.test.ts",
  "cli/dry-run.test.ts",
  "cli/missing-database.test.ts",
  "cli/secret-key.test.ts",
  "cli/several-servers.test.ts",
  "cli/stop-imports.test.ts",
  "common/text-validation.test.ts",
  "exports/export-options.test.ts",
  "exports/exporter.test.ts",
  "exports/read-tasks.test.ts",
  "imports/importer.test.ts",
  "routes/imports-files.test.ts",
  // Each page and each call of the API, there asked for by the owner alone.
  "security/access.test.ts",
];

/** Several requests, people or processes at the same moment: on both databases in whatever folder. */
const concurrency = /\bconcurren(?:cy|t-[\w-]+)\.test\.ts$/;

/** About PostgreSQL alone. */
const onPostgresql = /\.postgresql\.test\.ts$/;

/** The entries of the list that no file matches any more, such as those of a folder that was renamed. */
export function emptyPlaces(files) {
  return onBoth.filter((place) => !files.some((file) => file.startsWith(`test/${place}`)));
}

/** The databases that a test file runs on; `file` is relative to the checkout, with slashes. */
export function databasesOf(file) {
  if (onPostgresql.test(file)) return ["postgresql"];
  return concurrency.test(file) || onBoth.some((place) => file.startsWith(`test/${place}`)) ? databases : ["sqlite"];
}
