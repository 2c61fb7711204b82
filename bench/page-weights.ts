import http from "node:http";
import { brotliDecompressSync } from "node:zlib";

import { signUp, startServer } from "./server.ts";

const pages = ["/", "/people/", "/people/1", "/people/invite", "/user/account/", "/projects/", "/projects/new"];

/** What a browser fetches for a page: styles, scripts, icons and images, but neither the manifest nor a telephone's icon. */
const fetched = /<(?:script|img|use|link rel="(?:stylesheet|icon)")[^>]*? (?:src|href)="([^"#]+)/g;

/** Prints the bytes that a browser with brotli receives: on a first visit to People, and for each further page. */
export async function pageWeights(): Promise<void> {
  const server = await startServer();
  const cookie = await signUp(server);
  const receive = (path: string) => receiveFrom(server.address + path, cookie);

  const page = await receive("/people/");
  const files = new Set([...brotliDecompressSync(page).toString().matchAll(fetched)].map(([, path = ""]) => path));
  let first = page.length;
  for (const path of files) first += (await receive(path)).length;
  console.log(`First visit to People: ${first} bytes, in ${files.size + 1} answers`);
  for (const path of pages) console.log(`${path}: ${(await receive(path)).length} bytes`);
  await server.stop();
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
