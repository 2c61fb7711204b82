import path from "node:path";

import { createAvatarQueue } from "../src/images/avatars.ts";
import { loadConfig } from "../src/config/config.ts";
import type { Config } from "../src/config/config.ts";
import { parseLocation, InvalidLocationError, locationName } from "../src/database/location.ts";
import type { DatabaseLocation } from "../src/database/location.ts";
import { runMigration } from "../src/label-studio/import-from.ts";
import type { Report } from "../src/label-studio/report.ts";
import { findSecretKey } from "../src/label-studio/secret-key.ts";
import { createCipher } from "../src/security/crypto.ts";
import { CommandError } from "./errors.ts";
import { withDatabase } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import { table } from "./table.ts";

/** Moves everything of a Label Studio into the configured database, or says what that would do. */
export async function importLabelStudio(options: CommandOptions): Promise<void> {
  const config = loadConfig(configOptions(options));
  const from = sourceFrom(options.from, config);
  const file = from.client === "sqlite3" ? from.file : undefined;
  const secret_key = await findSecretKey({ key: options.secretKey, file: options.secretKeyFile, database: file });
  const media = options.media ?? (file && path.join(path.dirname(file), "media"));
  const progress = showProgress();

  try {
    const report = await withDatabase(config, ({ database }) =>
      runMigration(
        from,
        { database, sealer: createCipher(config.secret_key) },
        {
          media,
          makeAvatar: createAvatarQueue(),
          secret_key,
          own_key: config.secret_key,
          into_existing: options.intoExisting === true,
          tell: (step) => progress.tell(step),
          keep: options.dryRun !== true,
        },
      ),
    );
    progress.end();
    print(report, from, options.dryRun === true);
  } finally {
    progress.end();
  }
}

function sourceFrom(text: string | undefined, config: Config): DatabaseLocation {
  if (text === undefined)
    throw new CommandError(
      "Say where Label Studio's data is: --from with its label_studio.sqlite3, or its postgresql:// address.",
    );
  try {
    const place = parseLocation(text);
    if (locationName(place) === locationName(config.database))
      throw new CommandError(
        `${locationName(place)} is what this server would write to: give it a database of its own, such as with --data-dir.`,
      );
    return place;
  } catch (error) {
    if (error instanceof InvalidLocationError) throw new CommandError(`--from can't be used: ${error.message}.`);
    throw error;
  }
}

function print({ title, is_repeated, tallies, notes }: Report, from: DatabaseLocation, isDry: boolean): void {
  const lines = [
    `From ${locationName(from)}, organization "${title}"${is_repeated ? ", which moved in before: only what came since was added" : ""}.`,
    "",
    ...table(
      ["", "there", "moved", "here before", "left out", "here now"],
      tallies.map(({ name, there, moved, before, left_out, here }) => [name, there, moved, before, left_out, here]),
    ),
    "",
    ...notes,
    isDry ? "This was a dry run: nothing was changed." : "Everything was moved.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
