import { readStaticFiles } from "../src/rendering/assets.ts";
import { signUp, startServer } from "./server.ts";

const pages = ["/", "/people/", "/people/1", "/people/invite", "/user/account/", "/projects/"];

/** Prints the bytes that a browser with brotli receives: for the files that all pages share, and for each page. */
export async function pageWeights(): Promise<void> {
  const server = await startServer();
  const cookie = await signUp(server);

  let assets = 0;
  for (const file of readStaticFiles()) assets += await weight(server.address + file.path, cookie);
  console.log(`Files that all pages share (kept for good after the first visit): ${assets} bytes`);
  for (const path of pages) console.log(`${path}: ${await weight(server.address + path, cookie)} bytes`);
  await server.stop();
}

async function weight(url: string, cookie: string): Promise<number> {
  const { default: http } = await import("node:http");
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { cookie, "accept-encoding": "br" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("end", () => resolve(bytes));
    });
    request.on("error", reject);
  });
}
