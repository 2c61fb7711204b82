import assert from "node:assert/strict";
import { test } from "node:test";

import { writeZip } from "../../src/exports/zip.ts";
import type { ZipEntry } from "../../src/exports/zip.ts";
import { unzip } from "../support/unzip.ts";

async function zip(entries: Iterable<ZipEntry>): Promise<Buffer> {
  async function* each() {
    yield* entries;
  }
  const chunks = [];
  for await (const chunk of writeZip(each(), new Date("2026-11-22T10:49:31Z"))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* pieces(...texts: string[]) {
  yield* texts;
}

function contents(file: Buffer): Record<string, string> {
  return Object.fromEntries([...unzip(file)].map(([name, content]) => [name, content.toString()]));
}

test("zip: files come out as they went in, short and long, whole and in chunks, with names in any writing", async () => {
  const long = "a line of text\n".repeat(20_000);
  const file = await zip([
    { name: "images/" },
    { name: "labels/é 😀.txt", content: "0 0.5 0.5 1.0 1.0\n" },
    { name: "long.txt", content: long },
    { name: "chunks.json", content: pieces("[", long, "]") },
    { name: "empty.txt" },
  ]);

  assert.deepEqual(contents(file), {
    "images/": "",
    "labels/é 😀.txt": "0 0.5 0.5 1.0 1.0\n",
    "long.txt": long,
    "chunks.json": `[${long}]`,
    "empty.txt": "",
  });
  assert.ok(file.length < 10_000);
});

test("zip: a file replaces an earlier one of its name, unless it gives way to it", async () => {
  const file = await zip([
    { name: "a.txt", content: "first" },
    { name: "b.txt", content: "first" },
    { name: "a.txt", content: "second" },
    { name: "b.txt", ifAbsent: true },
    { name: "c.txt", ifAbsent: true },
  ]);

  assert.deepEqual(contents(file), { "b.txt": "first", "a.txt": "second", "c.txt": "" });
});

test("zip: 70,000 files fit in, since the directory then counts with 64 bits", async () => {
  function* many() {
    for (let index = 0; index < 70_000; index++) yield { name: `${index}.txt`, content: `${index}` };
  }
  const file = await zip(many());

  const end = file.length - 22;
  assert.equal(file.readUInt32LE(end), 0x06054b50);
  assert.equal(file.readUInt16LE(end + 10), 0xffff);
  assert.equal(file.readUInt32LE(end - 20), 0x07064b50);
  const large = Number(file.readBigUInt64LE(end - 20 + 8));
  assert.equal(file.readUInt32LE(large), 0x06064b50);
  assert.equal(file.readBigUInt64LE(large + 32), 70_000n);
  assert.equal(file.readUInt32LE(Number(file.readBigUInt64LE(large + 48))), 0x02014b50);
});

test("zip: an error of what is packed is thrown", async () => {
  // oxlint-disable-next-line require-yield
  const failing = async function* (): AsyncGenerator<string> {
    throw new Error("The database is gone.");
  };
  await assert.rejects(zip([{ name: "a.json", content: failing() }]), /The database is gone/);
});
