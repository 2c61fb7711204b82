import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** Every file and folder below a folder, with its rights and a digest of its bytes; undefined for a folder that is not there. */
export function folderContents(folder: string): Record<string, string> | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const place = path.join(folder, name);
      const { mode } = statSync(place);
      return [
        name,
        `${mode} ${statSync(place).isFile() ? createHash("sha256").update(readFileSync(place)).digest("hex") : ""}`,
      ];
    }),
  );
}
