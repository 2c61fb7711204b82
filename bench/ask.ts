import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";

import type { LoadRequest } from "./load.ts";

/** Sends one request as sendLoad does, to the same host whatever the port is and without compression, which fetch would ask for. */
export async function ask(
  port: number,
  { method, path, headers, body }: LoadRequest,
): Promise<{ status: number; body: string }> {
  const request = http.request({ port, host: "127.0.0.1", method, path, headers: { Host: "127.0.0.1", ...headers } });
  request.end(body);
  const [answer] = (await once(request, "response")) as [http.IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}
