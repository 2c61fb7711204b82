import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { createStoppableServer } from "../../src/http/stoppable-server.ts";
import { listen } from "../support/listen.ts";

/** The port of a server that answers every request. */
async function startServer(t: TestContext): Promise<number> {
  const { server } = createStoppableServer(async (_, response) => void response.end("well"), {});
  return listen(t, server);
}

const large = "x".repeat(8_000_000);

for (const [what, head, status] of [
  ["an unknown method", "X / HTTP/1.1\r\nHost: localhost\r\n", 400],
  ["a method in small letters", "get / HTTP/1.1\r\nHost: localhost\r\n", 400],
  ["a target without a slash", "GET nothing HTTP/1.1\r\nHost: localhost\r\n", 400],
  ["headers that are too long", `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"a".repeat(70_000)}\r\n`, 431],
] as const) {
  test(`malformed requests: ${what} is answered with ${status}, whatever follows`, async (t) => {
    const socket = net.connect(await startServer(t), "127.0.0.1");
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes.toString("latin1")));

    socket.write(`${head}Content-Length: ${large.length}\r\n\r\n`);
    socket.end(large);
    await once(socket, "close");

    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
  });
}

test("malformed requests: the connection of a client that never ends is closed", async (t) => {
  const socket = net.connect({ port: await startServer(t), host: "127.0.0.1", allowHalfOpen: true });
  socket.resume();
  socket.write("X / HTTP/1.1\r\n\r\n");
  const sending = setInterval(() => socket.write("more"), 20);
  t.after(() => clearInterval(sending));

  await new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
});
