import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { findSecretKey } from "../../src/label-studio/secret-key.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const key = "z^j6=yr%!v)l+pqc_yy#kb$46!9&a-k7bf7vk76)_c5)ut!#47(";

test("secret key: the option wins over a file, and a file over the .env beside the database", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "key");
  const database = path.join(folder, "label_studio.sqlite3");
  writeFileSync(path.join(folder, ".env"), `DEBUG=0\nSECRET_KEY=${key}\r\n`);
  writeFileSync(file, "of the file\n".replaceAll(" ", "-"));

  assert.equal(await findSecretKey({ key: "given", file, database }), "given");
  assert.equal(await findSecretKey({ file, database }), "of-the-file");
  assert.equal(await findSecretKey({ database }), key);
  assert.equal(await findSecretKey({ file: path.join(folder, ".env") }), key);
  assert.equal(await findSecretKey({}), undefined);
  assert.equal(await findSecretKey({ database: path.join(temporaryFolder(t), "x.sqlite3") }), undefined);
});

test("secret key: a file without one is refused", async (t) => {
  const file = path.join(temporaryFolder(t), "key");
  for (const text of ["", "DEBUG=0\nHOST=x\n", "two words"]) {
    writeFileSync(file, text);
    await assert.rejects(findSecretKey({ file }), /--secret-key-file .* can't be used/);
  }
  await assert.rejects(findSecretKey({ file: `${file}-that-is-not-there` }), /can't be used/);
});

test("secret key: quotes around it are not part of it", async (t) => {
  const file = path.join(temporaryFolder(t), ".env");
  writeFileSync(file, `SECRET_KEY="${key}"\n`);

  assert.equal(await findSecretKey({ file }), key);
});
