import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { packageRoot } from "../../src/common/package.ts";
import { password } from "../support/app.ts";
import { openShell } from "../support/command.ts";
import { smallPng } from "../support/images.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const recorder = pathToFileURL(path.join(packageRoot, "test", "support", "record-connections.mjs")).href;

test("outbound: a server with default settings connects to nothing, whatever people do (G5)", async (t) => {
  const connections = path.join(temporaryFolder(t), "connections");
  const environment = { NODE_OPTIONS: `--import=${recorder}`, CONNECTIONS: connections };
  const recorded = () => readFileSync(connections, "utf8").trim().split("\n");
  const { serve } = openShell(t, environment);
  const user = ["--username", "ada@example.com", "--password", password, "--user-token", "token-of-ada"];
  const server = await serve(["start", "--no-browser", "--port", "0", "--enable-legacy-api-token", ...user]);
  const ask = async (method: string, address: string, body?: string | FormData, type?: string) => {
    const answer = await fetch(new URL(address, server.url), {
      method,
      headers: { Authorization: "Token token-of-ada", ...(type && { "Content-Type": type }) },
      ...(body !== undefined && { body }),
    });
    assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${await answer.clone().text()}`);
    return answer;
  };
  const post = (address: string, value: object) => ask("POST", address, JSON.stringify(value), "application/json");

  const setup = `<View><Image name="i" value="$image"/><Text name="t" value="$text"/>
    <Choices name="c" toName="t"><Choice value="a"/></Choices></View>`;
  await post("/api/projects/", { title: "Outside", label_config: setup });
  // Addresses are what a careless server would fetch.
  const tasks = [{ text: "http://192.0.2.1/text", image: "http://192.0.2.1/image.png" }];
  await post("/api/projects/1/import", tasks);
  await post("/api/tasks/1/annotations/", {
    result: [{ from_name: "c", to_name: "t", type: "choices", value: { choices: ["a"] } }],
  });
  const image = new FormData();
  image.append("avatar", new Blob([new Uint8Array(smallPng)], { type: "image/png" }), "face.png");
  await ask("POST", "/api/users/1/avatar", image);
  await post("/api/users/", { username: "bob", email: "bob@example.com", password });
  for (const address of [
    "/api/projects/1/export?exportType=CSV",
    "/docs/api/",
    "/version",
    "/ready",
    "/user/login/",
    "/user/signup/",
  ])
    await ask("GET", address);
  const { code } = await server.stop();

  assert.equal(code, 0);
  // The second is the address that it listens on.
  assert.deepEqual([...new Set(recorded())], ["loaded", "lookup 0.0.0.0"]);
});

test("outbound: what records the connections of a server would see one", async (t) => {
  const connections = path.join(temporaryFolder(t), "connections");
  await promisify(execFile)(process.execPath, ["-e", "fetch('http://localhost:65000').catch(() => undefined)"], {
    env: { ...process.env, NODE_OPTIONS: `--import=${recorder}`, CONNECTIONS: connections },
  });

  assert.match(readFileSync(connections, "utf8"), /^connect localhost:65000$/m);
});
