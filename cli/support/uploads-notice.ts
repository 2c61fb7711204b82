import type { Knex } from "knex";

import type { Config } from "../../src/config/config.ts";
import { countFilesInFolder } from "../../src/repositories/jobs/stored-files.ts";

/** What to do about uploaded files that are in a folder, and not in the database; undefined without any. */
export async function uploadsNotice(
  database: Knex,
  { uploads_dir }: Pick<Config, "uploads_dir">,
): Promise<string | undefined> {
  const count = await countFilesInFolder(database);
  if (count === 0) return undefined;
  const files = count === 1 ? "1 uploaded file is" : `${count} uploaded files are`;
  return `${files} in the folder ${uploads_dir ?? "of LABEL_STUDIO_UPLOADS_DIR"}, and not in this: copy the folder, too.`;
}
