import path from "node:path";

import { makeAvatar } from "../../src/images/avatars.ts";
import type { LoadedConfig } from "../../src/config/config.ts";
import { parseLocation, InvalidLocationError, locationName } from "../../src/database/location.ts";
import type { DatabaseLocation } from "../../src/database/location.ts";
import { assertMigratable, runMigration } from "../../src/label-studio/migration.ts";
import { leftBehind } from "../../src/label-studio/report.ts";
import type { Report } from "../../src/label-studio/report.ts";
import { migrateUploadFiles } from "../../src/label-studio/upload-files.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { findSecretKey } from "../../src/label-studio/secret-key.ts";
import { CommandError } from "../support/command-error.ts";
import { readConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { dryRunNotice } from "../support/results.ts";
import { table } from "../support/table.ts";
import { withDatabase, withDryRun } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";
import { withProgress } from "../support/with-progress.ts";

/** Migrates everything of a Label Studio into the configured database, or says what that would do. */
export async function importLabelStudio(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readConfig(io, options);
  const from = sourceFrom(options.from, loaded);
  const file = from.client === "sqlite3" ? from.file : undefined;
  const secret_key = await findSecretKey({ key: options.secretKey, file: options.secretKeyFile, database: file });
  const media = options.media ?? (file && path.join(path.dirname(file), "media"));

  const isDryRun = options.dryRun === true;

  const report = await withProgress(io, (tell) => {
    const work = async ({ database, keys, config }: Pick<OpenDatabase, "database" | "keys" | "config">) => {
      const { report, uploads } = await runMigration(
        from,
        { database, cipher: keys.cipher },
        {
          media,
          makeAvatar,
          secret_key,
          server_key: config.secret_key,
          into_existing: options.intoExisting === true,
          onProgress: tell,
          dry_run: isDryRun,
        },
      );
      // Files may be many gigabytes: each comes by itself, after everything else.
      const repositories = createRepositories(database, config, keys);
      await migrateUploadFiles(repositories, uploads, report, { media, dry_run: isDryRun, onProgress: tell });
      return report;
    };
    return isDryRun
      ? withDryRun(io, loaded, work)
      : withDatabase(io, loaded, work, { beforeCreation: () => assertMigratable(from) });
  });

  printLine(io.stdout, summary(report, from, isDryRun));
}

function sourceFrom(text: string | undefined, config: LoadedConfig): DatabaseLocation {
  if (text === undefined)
    throw new CommandError(
      "Say where Label Studio's data is: --from with its label_studio.sqlite3, or its postgresql:// address.",
    );
  try {
    const place = parseLocation(text);
    if (locationName(place) === locationName(config.database))
      throw new CommandError(
        `${locationName(place)} is the database this server would write to. Give it one of its own, for example with --data-dir.`,
      );
    return place;
  } catch (error) {
    if (error instanceof InvalidLocationError) throw new CommandError(`--from can't be used: ${error.message}.`);
    throw error;
  }
}

function summary(report: Report, from: DatabaseLocation, isDry: boolean): string {
  const { title, is_repeated, counts, notes } = report;
  const lines = [
    `From ${locationName(from)}, organization "${title}"${is_repeated ? ", which moved in before: only what is new was added" : ""}.`,
    "",
    ...table(
      ["", "there", "moved", "here before", "left out", "here now"],
      counts.map(({ name, in_source, migrated, existing, skipped, in_target }) => [
        name,
        in_source,
        migrated,
        existing,
        skipped,
        in_target,
      ]),
    ),
    "",
    ...notes,
    isDry ? dryRunNotice : conclusion(leftBehind(report)),
  ];
  return lines.join("\n");
}

function conclusion(left_behind: string[]): string {
  const list = new Intl.ListFormat("en-GB").format(left_behind);
  return left_behind.length === 0 ? "Everything was moved." : `All was moved but ${list}.`;
}
