import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { owner } from "../../scripts/support/server.js";
import { choice, textSetup } from "../support/imports.ts";
import { waitUntil } from "../support/wait-until.ts";

const tasksPerImport = 600;

/** What clients of a server that has faults found, and what the database holds in the end. */
export interface Outcome {
  acknowledged: number;
  lost: number;
  doubled: number;
  /** Answers of 500 and above, but for 503 and 507. */
  failures: number;
}

interface Request {
  path: string;
  headers: Record<string, string>;
  body: string | URLSearchParams;
}

/** People who sign up, label and import without a pause, as SDKs do: what is not answered, or by 502, 503 or 507, is sent again. */
export async function startClients(urls: string[], { count = 4 } = {}) {
  const acknowledged = new Set<string>();
  let failures = 0;
  let isStopped = false;
  let made = 0;
  const json = { Authorization: `Token ${owner.token}`, "Content-Type": "application/json" };

  /** Resolves with the last answer; undefined for a sign-up that was not answered, which can't be repeated. */
  const send = async ({ path, headers, body }: Request, repeats: boolean) => {
    for (let attempt = 0; ; attempt++) {
      const url = new URL(path, urls[attempt % urls.length]);
      const signal = AbortSignal.timeout(60_000);
      const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal })
        // A request has its answer once it is whole.
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined);
      const isOver = answer && ![502, 503, 507].includes(answer.status);
      if (isOver && answer.status >= 500) failures++;
      if (isOver || !repeats) return answer;
      await setTimeout(100);
    }
  };
  const create = async (path: string, body: object): Promise<number> => {
    const answer = await send({ path, headers: json, body: JSON.stringify(body) }, true);
    return (JSON.parse(answer?.text ?? "{}") as { id: number }).id;
  };
  const project = await create("api/projects/", { title: "Faults", label_config: textSetup });
  const task = await create("api/tasks/", { project, data: { text: "to label" } });

  const act = {
    async "sign-up"(marker: string) {
      const body = new URLSearchParams({ email: `${marker}@example.com`, password: "correct horse battery" });
      return (await send({ path: "user/signup/", headers: {}, body }, false))?.status === 303;
    },
    async annotation(marker: string) {
      const result = choice("pos").map((region) => ({ ...region, id: marker }));
      const headers = { ...json, "Idempotency-Key": marker };
      const request = { path: `api/tasks/${task}/annotations/`, headers, body: JSON.stringify({ result }) };
      return (await send(request, true))?.status === 201;
    },
    async import(marker: string) {
      const body = JSON.stringify(Array.from({ length: tasksPerImport }, () => ({ text: marker })));
      return (await send({ path: `api/projects/${project}/import`, headers: json, body }, true))?.status === 201;
    },
  };
  const kinds = ["sign-up", "annotation", "annotation", "import"] as const;
  const live = async (number: number) => {
    const kind = kinds[number % kinds.length] ?? "import";
    while (!isStopped) {
      const marker = `${kind}-${++made}`;
      if (await act[kind](marker)) acknowledged.add(marker);
    }
  };
  const lives = Array.from({ length: count }, (_, number) => live(number));

  return {
    /** Resolves when everything that was begun is answered: a server must run. */
    async stop(database: Knex): Promise<Outcome> {
      isStopped = true;
      await Promise.all(lives);
      const running = () => database("imports").whereIn("state", ["checking", "adding"]).first();
      await waitUntil("the imports have ended", async () => !(await running()), { limit: 120_000, interval: 200 });
      const stored = await countMarkers(database);
      const rowsOf = (marker: string) => (marker.startsWith("import") ? tasksPerImport : 1);
      const lost = [...acknowledged].filter((marker) => (stored.get(marker) ?? 0) < rowsOf(marker)).length;
      const doubled = [...stored].filter(([marker, times]) => times > rowsOf(marker)).length;
      return { acknowledged: acknowledged.size, lost, doubled, failures };
    },
  };
}

/** How often the database holds what belongs to each marker. */
async function countMarkers(database: Knex): Promise<Map<string, number>> {
  const emails: string[] = await database("users").pluck("email");
  const results: string[] = await database("annotations").pluck("result");
  const data: string[] = await database("tasks").pluck("data");
  const markers = [
    ...emails.map((email) => email.replace("@example.com", "")),
    ...results.map((result) => (JSON.parse(result) as { id: string }[])[0]?.id ?? ""),
    ...data.map((each) => (JSON.parse(each) as { text: string }).text),
  ];
  const counts = new Map<string, number>();
  for (const marker of markers.filter((each) => /^(?:sign-up|annotation|import)-\d+$/.test(each)))
    counts.set(marker, (counts.get(marker) ?? 0) + 1);
  return counts;
}
