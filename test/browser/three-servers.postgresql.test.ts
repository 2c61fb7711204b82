import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { APIRequestContext, Page } from "playwright-core";

import { freePort } from "../../scripts/support/ports.js";
import { randomToken } from "../../src/security/crypto.ts";
import { openContext } from "../support/chromium.ts";
import { openShell } from "../support/command.ts";
import type { Server, Shell } from "../support/command.ts";
import { textSetup } from "../support/imports.ts";
import { startProxy } from "../support/round-robin.ts";
import type { Proxy } from "../support/round-robin.ts";
import { waitUntil } from "../support/wait-until.ts";
import { newPage, walk } from "../support/walk.ts";

interface Cluster {
  proxy: Proxy;
  /** By their ports. */
  servers: Map<number, Server>;
  shell: Shell;
}

/** Three servers with data folders of their own on one database, behind a proxy; they start at the same moment. */
async function startThree(t: TestContext): Promise<Cluster> {
  const proxy = await startProxy(t);
  const shell = openShell(t, {
    LABEL_STUDIO_SECRET_KEY: randomToken(50),
    LABEL_STUDIO_HOST: proxy.url,
    LABEL_STUDIO_TRUSTED_PROXIES: "127.0.0.1",
  });
  const servers = new Map<number, Server>();
  const start = async (number: number) => {
    const port = await freePort();
    const args = ["start", "--no-browser", "--port", String(port), "--data-dir", `server-${number}`];
    servers.set(port, await shell.serve(args));
    proxy.ports.push(port);
  };
  await Promise.all([1, 2, 3].map(start));
  return { proxy, servers, shell };
}

/** How many tasks are on their way when their server is killed. */
const imported = 20_000;

/** How long another server may take to notice that one is gone, and to go on, in milliseconds. */
const patience = 120_000;

test("three servers: each request of the walk goes to the next one, and when one is killed nothing that was acknowledged is lost", async (t) => {
  const { proxy, servers, shell } = await startThree(t);
  const context = () => openContext({ baseURL: proxy.url });
  let scripts: Scripts | undefined;
  let importing = { project: 0, id: 0 };

  await walk({
    visitor: async () => newPage(t, await context()),
    run: shell.run,
    javaScriptEnabled: true,
    halfway: async (page) => {
      scripts = await label(page, proxy);
      await scripts.haveSaved(20);
      importing = await beginImport(page);
      const port = proxy.servedBy(`/projects/${importing.project}/import`) ?? 0;
      await servers.get(port)?.stop("SIGKILL");
      await scripts.haveSaved(60);
    },
  });
  const saved = await scripts?.stop();

  const { annotations, projects, imports } = await shell.openRepositories();
  assert.ok(saved && saved.length >= 60);
  for (const id of saved) assert.ok(await annotations.find(id), `annotation ${id}`);
  const isDone = async () => (await imports.find(importing.id))?.state === "done";
  await waitUntil("another server has ended the import", isDone, { limit: patience, interval: 200 });
  assert.equal((await imports.find(importing.id))?.tasks_added, imported);
  assert.equal((await projects.find(importing.project))?.task_number, imported);
  assert.deepEqual(await shell.run(["check"]), { code: 0, stdout: "All counts are right.\n", stderr: "" });
});

interface Scripts {
  /** Resolves when at least so many annotations were acknowledged. */
  haveSaved: (count: number) => Promise<void>;
  /** Ends them; gives the ids of all annotations that were acknowledged. */
  stop: () => Promise<number[]>;
}

/** Scripts that go on making tasks and labeling them, whatever is answered. */
async function label(page: Page, { url }: Proxy): Promise<Scripts> {
  const { token: refresh } = await json(page.request, "/api/token/", {});
  const { access } = await json(page.request, "/api/token/refresh/", { refresh });
  const { id: project } = await json(page.request, "/api/projects/", { title: "By scripts", label_config: textSetup });
  const saved: number[] = [];
  const stopping = new AbortController();

  const post = async (path: string, body: object): Promise<number | undefined> => {
    const headers = { authorization: `Bearer ${access}`, "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return answer.status === 201 ? (JSON.parse(text) as { id: number }).id : undefined;
  };
  const script = async () => {
    while (!stopping.signal.aborted) {
      const task = await post("/api/tasks/", { project, data: { text: "A text" } });
      const annotation = task && (await post(`/api/tasks/${task}/annotations/`, { result: [] }));
      if (annotation) saved.push(annotation);
    }
  };
  const running = Promise.all([script(), script()]);
  return {
    async haveSaved(count) {
      await waitUntil(`${count} annotations are acknowledged`, () => saved.length >= count, { limit: 60_000 });
    },
    async stop() {
      stopping.abort();
      await running;
      return saved;
    },
  };
}

/** Sends a file as the import page does; resolves when it was taken over. */
async function beginImport({ request }: Page): Promise<{ project: number; id: number }> {
  const { id: project } = await json(request, "/api/projects/", { title: "Imported", label_config: textSetup });
  const lines = Array.from({ length: imported }, (_, number) => JSON.stringify({ text: `Text ${number}` }));
  const files = { name: "texts.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(lines.join("\n")) };
  const answer = await request.post(`/projects/${project}/import`, { multipart: { files }, maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  return { project: Number(project), id: Number(answer.headers()["location"]?.split("/").at(-1)) };
}

async function json(request: APIRequestContext, path: string, data: object): Promise<Record<string, string>> {
  const answer = await request.post(path, { data });
  assert.ok(answer.ok(), `${path} was answered with ${answer.status()}`);
  return answer.json();
}
