import path from "node:path";

import type { LoadedConfig } from "../../src/config/config.ts";
import type { KeyComparison } from "../../src/repositories/accounts/installation.ts";

/** What to tell after copying a database: its secret key is not part of it. */
export function secretKeyNotice({ data_dir }: LoadedConfig, comparison: KeyComparison): string {
  const place = `${path.join(data_dir, ".env")}, or your LABEL_STUDIO_SECRET_KEY`;
  return comparison === "different"
    ? `The secret key is not in it, and is lost unless you have it elsewhere: it is not the one here (${place}). Without it nobody can log in.`
    : `The secret key is not in it: keep that too (${place}). Without it nobody can log in.`;
}
