import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { prepareDataFolder } from "../src/data-folder.ts";
import { temporaryFolder } from "./support/app.ts";

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

test("data folder: a new one is for its owner alone, and so is the secret in it (T2)", (t) => {
  const folder = path.join(temporaryFolder(t), "some", "where");

  const key = prepareDataFolder(folder, undefined);

  assert.equal(modeOf(folder), "700");
  assert.equal(modeOf(path.join(folder, ".env")), "600");
  assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), `SECRET_KEY=${key}\n`);
  assert.match(key, /^[A-Za-z0-9]{50}$/);
});

test("data folder: the secret is made once, and another in every folder (T2)", (t) => {
  const folder = temporaryFolder(t);

  const key = prepareDataFolder(folder, undefined);

  assert.equal(prepareDataFolder(folder, undefined), key);
  assert.notEqual(prepareDataFolder(temporaryFolder(t), undefined), key);
});

test("data folder: one that exists keeps its rights and what is in it", (t) => {
  const folder = path.join(temporaryFolder(t), "shared");
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(path.join(folder, "notes.txt"), "mine");

  prepareDataFolder(folder, undefined);

  assert.equal(modeOf(folder), "755");
  assert.equal(readFileSync(path.join(folder, "notes.txt"), "utf8"), "mine");
});

const keys = ["a=b#c$d(e)&f*g!h=i+j_k-l^m%n@o=p#q$r(s)&t*u!v=w+x", `${"k".repeat(49)}=`];

for (const key of keys) {
  for (const end of ["\n", "\r\n", ""]) {
    test(`data folder: Label Studio's secret ${key.slice(0, 9)}… before ${JSON.stringify(end)} is used as it is`, (t) => {
      const folder = temporaryFolder(t);
      const content = `DEBUG=0${end || "\n"}SECRET_KEY=${key}${end}`;
      writeFileSync(path.join(folder, ".env"), content);

      assert.equal(prepareDataFolder(folder, undefined), key);
      assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), content);
    });
  }
}

test("data folder: a secret that is configured is used, and not written down", (t) => {
  const folder = temporaryFolder(t);

  assert.equal(prepareDataFolder(folder, "configured"), "configured");

  assert.equal(existsSync(path.join(folder, ".env")), false);
});

for (const content of ["", "DEBUG=1\n", "DEBUG=1", "SECRET_KEY=\n", "# SECRET_KEY=old\n"]) {
  test(`data folder: to a file of ${JSON.stringify(content)} a secret is added, which is found again`, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(path.join(folder, ".env"), content);

    const key = prepareDataFolder(folder, undefined);

    assert.equal(prepareDataFolder(folder, undefined), key);
    assert.ok(readFileSync(path.join(folder, ".env"), "utf8").startsWith(content));
  });
}

test("data folder: a secret that is added to a file is for its owner alone from then on (T2)", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, ".env"), "DEBUG=1\n", { mode: 0o644 });

  prepareDataFolder(folder, undefined);

  assert.equal(modeOf(path.join(folder, ".env")), "600");
});
