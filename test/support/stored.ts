import assert from "node:assert/strict";
import { text } from "node:stream/consumers";

import type { Knex } from "knex";

import type { Repositories } from "../../src/repositories/index.ts";
import type { FileOwner } from "../../src/repositories/jobs/stored-files.ts";

/** Bytes as they come over the network, in chunks of this size. */
export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** What a file of these records holds, as text; undefined when there is none. */
export async function storedText({ storedFiles }: Repositories, owner: FileOwner): Promise<string | undefined> {
  const file = await storedFiles.find(owner);
  return file && text(storedFiles.read(file));
}

/** What the files that are kept are of: `export 1`, `conversion 2`, `import 3`, `take-out 4`, `upload 5`, or nothing. */
export async function storedOwners(database: Knex): Promise<string[]> {
  const rows = await database("stored_files").select(
    "import_id",
    "export_id",
    "conversion_id",
    "take_out_id",
    "upload_id",
  );
  const owners = rows.map(({ import_id, export_id, conversion_id, take_out_id, upload_id }) => {
    if (upload_id) return `upload ${upload_id}`;
    if (take_out_id) return `take-out ${take_out_id}`;
    if (export_id) return `export ${export_id}`;
    if (conversion_id) return `conversion ${conversion_id}`;
    return import_id ? `import ${import_id}` : "nothing";
  });
  return owners.sort();
}

export async function assertNothingStored(database: Knex): Promise<void> {
  assert.deepEqual(await storedOwners(database), []);
  assert.deepEqual(await database("stored_file_chunks").select("file_id", "position"), []);
}
