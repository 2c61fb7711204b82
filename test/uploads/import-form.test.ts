import assert from "node:assert/strict";
import http from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Repositories } from "../../src/repositories/index.ts";
import { receiveImportBody, receiveImportForm } from "../../src/uploads/import-form.ts";
import { listen } from "../support/listen.ts";
import { openRecords } from "../support/records.ts";
import { assertNothingStored } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

type StoredFiles = Repositories["storedFiles"];
type Receive = (request: http.IncomingMessage, storedFiles: StoredFiles) => Promise<unknown>;

const ways = { form: receiveImportForm, body: receiveImportBody };

/** A server that only receives; `outcome` is what became of the last request. */
async function start(t: TestContext, receive: Receive, changes: Partial<StoredFiles> = {}) {
  const { repositories, database } = await openRecords(t);
  const storedFiles = { ...repositories.storedFiles, ...changes };
  let settle: (outcome: unknown) => void;
  const outcome = new Promise<unknown>((resolve) => (settle = resolve));
  const server = http.createServer((request, response) => {
    receive(request, storedFiles)
      .then(settle, (error: unknown) => settle(error))
      .finally(() => response.end());
  });
  return { outcome, storedFiles, database, url: `http://127.0.0.1:${await listen(t, server)}` };
}

const head =
  '--x\r\nContent-Disposition: form-data; name="files"; filename="a.json"\r\nContent-Type: application/json\r\n\r\n';

for (const [what, receive] of Object.entries(ways))
  test(`uploads: of a ${what} that breaks off nothing is left`, async (t) => {
    const { outcome, database, url } = await start(t, receive);
    const headers = { "Content-Type": "multipart/form-data; boundary=x" };
    const request = http.request(url, { method: "POST", headers }).on("error", () => undefined);
    request.write(head);
    request.write(Buffer.alloc(600_000, "a"));
    await waitUntil(
      "two pieces are stored",
      async () => (await database("stored_file_chunks").select("position")).length >= 2,
    );
    request.destroy();

    const error = (await outcome) as { status: number; message: string };
    assert.equal(error.status, 400);
    assert.match(error.message, /arrived incomplete\. Send (?:it|them) again/);
    await assertNothingStored(database);
  });

for (const [what, receive] of Object.entries(ways))
  test(`uploads: where a ${what} can't be kept, that is said, and nothing is left`, async (t) => {
    const write: StoredFiles["write"] = async (chunks) => {
      for await (const _ of chunks) throw new Error("no space left");
      throw new Error("nothing came");
    };
    const { outcome, database, url } = await start(t, receive, { write });
    const form = new FormData();
    form.append("files", new Blob(["a".repeat(300_000)]), "a.json");
    await fetch(url, { method: "POST", body: form });

    assert.match(String(await outcome), /no space left/);
    await assertNothingStored(database);
  });

test("uploads: the files of a form come in their order, with how they begin, and what was typed is one of them", async (t) => {
  const { outcome, storedFiles, database, url } = await start(t, receiveImportForm);
  const form = new FormData();
  const long = "x".repeat(700_000);
  form.append("files", new Blob([long]), "b.txt");
  form.append("format", "auto");
  form.append("files", new Blob([]), "empty.txt");
  form.append("text", "typed");
  form.append("files", new Blob(["first"]), "a.txt");
  await fetch(url, { method: "POST", body: form });

  const received = (await outcome) as Awaited<ReturnType<typeof receiveImportForm>>;
  assert.deepEqual(received.fields, { format: "auto" });
  assert.deepEqual(
    [...received.files, received.text].map((file) => [file?.name, file?.bytes, file?.firstBytes.length]),
    [
      ["b.txt", 700_000, 65_536],
      ["empty.txt", 0, 0],
      ["a.txt", 5, 5],
      ["", 5, 5],
    ],
  );
  const [first] = received.files;
  assert.ok(first);
  assert.equal(await text(storedFiles.read({ id: first.stored, bytes: first.bytes })), long);
  assert.equal((await database("stored_files")).length, 4);
});

test("uploads: too many files are refused, and nothing is left of them", async (t) => {
  const { outcome, database, url } = await start(t, receiveImportForm);
  const form = new FormData();
  for (let index = 0; index < 105; index++) form.append("files", new Blob(["a"]), `${index}.txt`);
  await fetch(url, { method: "POST", body: form }).catch(() => undefined);

  assert.equal(((await outcome) as { status: number }).status, 400);
  await new Promise((resolve) => void setTimeout(resolve, 50));
  await assertNothingStored(database);
});
