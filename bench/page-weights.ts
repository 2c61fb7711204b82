import http from "node:http";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";

import { closeDatabase } from "../src/database/close.ts";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { addLongRows } from "../test/support/long-rows.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const pages = ["/", "/people/", "/people/1", "/people/invite", "/user/account/", "/projects/", "/projects/new"];

/** What a browser fetches for a page: styles, scripts, icons and images, but neither the manifest nor a telephone's icon. */
const fetched = /<(?:script|img|use|link rel="(?:stylesheet|icon)")[^>]*? (?:src|href)="([^"#]+)/g;

/** Prints the bytes that a browser with brotli receives: on a first visit to People, and for each further page. */
export async function pageWeights(): Promise<void> {
  const server = await startServer();
  const cookie = await signUp(server);
  const receive = (address: string) => receiveFrom(server.address + address, cookie);

  const page = await receive("/people/");
  const files = new Set(
    [...brotliDecompressSync(page).toString().matchAll(fetched)].map(([, address = ""]) => address),
  );
  let first = page.length;
  for (const address of files) first += (await receive(address)).length;
  console.log(`First visit to People: ${first} bytes, in ${files.size + 1} answers`);
  for (const address of pages) console.log(`${address}: ${(await receive(address)).length} bytes`);
  for (const address of await addRows(server))
    console.log(`${address} with 50 long rows: ${(await receive(address)).length} bytes`);
  await server.stop();
}

/** Returns the addresses of the lists. */
async function addRows({ data_dir }: MeasuredServer): Promise<string[]> {
  const database = openDatabase(parseLocation(path.join(data_dir, "label_studio.sqlite3")));
  const repositories = createRepositories(database, { secret_key, password_cost: 4 });
  const addresses = await addLongRows({ repositories, database }, { id: 1 });
  await closeDatabase(database);
  return addresses;
}

async function receiveFrom(url: string, cookie: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { cookie, "accept-encoding": "br" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => void chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks)));
    });
    request.on("error", reject);
  });
}
