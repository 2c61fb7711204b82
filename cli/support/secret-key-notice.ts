import path from "node:path";

import type { Config } from "../../src/config/config.ts";

/** What to tell after copying a database: its secret key is not part of it. */
export function secretKeyNotice({ data_dir }: Config): string {
  return `The secret key is not in it: keep that too (${path.join(data_dir, ".env")}, or your LABEL_STUDIO_SECRET_KEY). Without it nobody can log in.`;
}
