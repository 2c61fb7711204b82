import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { endpointsByMethod } from "../../src/api/endpoint.ts";
import { resources } from "../../src/api/index.ts";
import { startApi } from "../support/api.ts";
import type { ApiApp, Person, Script } from "../support/api.ts";
import { share } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { smallPng } from "../support/images.ts";
import { addLabelRecords, addressOf } from "../support/label-records.ts";
import type { LabelRecords } from "../support/label-records.ts";
import { newToken } from "../support/tokens.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

type Method = (typeof methods)[number];

/** The statuses without credentials, as a member, as the owner, and with the token of a removed member. */
type Statuses = [anonymous: number, member: number, owner: number, removed: number];

type Row = Partial<Record<Method, Statuses>>;

const read: Row = { GET: [401, 200, 200, 401] };

const readAndAdd: Row = { ...read, POST: [401, 201, 201, 401] };

const all: Row = {
  ...read,
  PUT: [401, 200, 200, 401],
  PATCH: [401, 200, 200, 401],
  DELETE: [401, 204, 204, 401],
};

const none: Row = {
  GET: [401, 404, 404, 401],
  PUT: [401, 404, 404, 401],
  PATCH: [401, 404, 404, 401],
  DELETE: [401, 404, 404, 401],
};

/** `:user_id`, and `:id` of a user or a draft, are another member's; in `oneself` they are the requester's own. */
const table: Record<string, Row> = {
  "/api/users/": { GET: [401, 200, 200, 401], POST: [401, 201, 201, 401] },
  "/api/users/:id/": {
    GET: [401, 200, 200, 401],
    PATCH: [401, 403, 200, 401],
    DELETE: [401, 403, 204, 401],
  },
  "/api/users/:id/ oneself": {
    GET: [401, 200, 200, 401],
    PATCH: [401, 200, 200, 401],
    DELETE: [401, 403, 403, 401],
  },
  "/api/users/:id/avatar/": { POST: [401, 403, 403, 401], DELETE: [401, 403, 403, 401] },
  "/api/users/:id/avatar/ oneself": { POST: [401, 200, 200, 401], DELETE: [401, 204, 204, 401] },
  "/api/current-user/whoami": { GET: [401, 200, 200, 401] },
  "/api/current-user/token": { GET: [401, 200, 200, 401] },
  "/api/current-user/reset-token/": { POST: [401, 201, 201, 401] },
  "/api/current-user/hotkeys/": {
    GET: [401, 200, 200, 401],
    PATCH: [401, 200, 200, 401],
  },
  "/api/token/": { GET: [401, 200, 200, 401], POST: [401, 201, 201, 401] },
  "/api/token/refresh/": { POST: [200, 200, 200, 200] },
  "/api/token/rotate/": { POST: [401, 400, 400, 401] },
  "/api/token/rotate/ oneself": { POST: [401, 200, 200, 401] },
  "/api/token/blacklist/": { POST: [204, 204, 204, 204] },
  "/api/jwt/settings": { GET: [401, 200, 200, 401], POST: [401, 200, 200, 401] },
  "/api/session-policy/": { GET: [401, 200, 200, 401], PATCH: [401, 200, 200, 401] },
  "/api/invite": { GET: [401, 200, 200, 401] },
  "/api/invite/reset-token": { POST: [401, 201, 201, 401] },
  "/api/organizations/": { GET: [401, 200, 200, 401], POST: [401, 403, 403, 401] },
  "/api/organizations/:id": {
    GET: [401, 200, 200, 401],
    PUT: [401, 200, 200, 401],
    PATCH: [401, 200, 200, 401],
  },
  "/api/organizations/:id/memberships": { GET: [401, 200, 200, 401] },
  "/api/organizations/:id/memberships/:user_id/": {
    GET: [401, 200, 200, 401],
    DELETE: [401, 403, 204, 401],
  },
  "/api/organizations/:id/memberships/:user_id/ oneself": {
    GET: [401, 200, 200, 401],
    DELETE: [401, 403, 405, 401],
  },
  "/api/projects/": readAndAdd,
  "/api/projects/counts/": read,
  "/api/projects/validate/": { POST: [204, 204, 204, 204] },
  "/api/projects/:id/": all,
  "/api/projects/:id/validate/": { ...read, POST: [401, 200, 200, 401] },
  "/api/projects/:id/annotators/": read,
  "/api/projects/:id/next/": read,
  "/api/projects/:id/tasks/": { ...readAndAdd, DELETE: [401, 204, 204, 401] },
  "/api/tasks/": readAndAdd,
  "/api/tasks/:id/": all,
  "/api/tasks/:id/annotations/": readAndAdd,
  "/api/tasks/:id/drafts": readAndAdd,
  "/api/annotations/:id/": all,
  "/api/predictions/": readAndAdd,
  "/api/predictions/:id/": all,
  "/api/drafts/:id/": none,
  "/api/drafts/:id/ oneself": all,
  "/api/dm/actions/": { ...read, POST: [401, 200, 200, 401] },
  // Import and export.
  "/api/projects/:id/import": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/import/predictions": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/export": read,
  "/api/projects/:id/export/formats": read,
  "/api/projects/:id/exports/": readAndAdd,
  "/api/projects/:id/exports/:export_pk": { ...read, DELETE: [401, 204, 204, 401] },
  "/api/projects/:id/exports/:export_pk/convert": { POST: [401, 200, 200, 401] },
  "/api/projects/:id/exports/:export_pk/download": read,
  "/api/version/": { GET: [200, 200, 200, 200] },
};

/** Who sends the request; `other` is a further member, and the request is `about` one of the two. */
interface Requester {
  script: Script;
  other: Person;
  about: Person;
  /** Each requester has its own, so that none deletes what the next one needs. */
  records: LabelRecords;
}

/** Valid bodies, so that the status depends on the requester alone. */
const bodies: Record<string, (requester: Requester) => Promise<object>> = {
  "POST /api/users/": async ({ other }) => ({ username: "new", email: `new-${other.user.email}` }),
  "PATCH /api/users/:id/": async () => ({ first_name: "Ann" }),
  "PATCH /api/current-user/hotkeys/": async () => ({ custom_hotkeys: {} }),
  "POST /api/token/refresh/": async ({ other }) => ({ refresh: await newToken(other.script) }),
  "POST /api/token/rotate/": async ({ about }) => ({ refresh: await newToken(about.script) }),
  "POST /api/token/blacklist/": async ({ other }) => ({ refresh: await newToken(other.script) }),
  "POST /api/projects/:id/import": async () => [{ text: "good" }],
  "POST /api/projects/:id/import/predictions": async ({ records }) => [{ task: records.tasks, result: [] }],
  "POST /api/projects/:id/exports/:export_pk/convert": async () => ({ export_type: "CSV" }),
  "PUT /api/organizations/:id": async () => ({ title: "Acme" }),
  "POST /api/projects/validate/": async () => ({ label_config: "<View></View>" }),
  "POST /api/projects/:id/validate/": async () => ({ label_config: "<View></View>" }),
  "POST /api/projects/:id/tasks/": async () => ({ data: {} }),
  "POST /api/tasks/": async ({ records }) => ({ project: records.projects, data: {} }),
  "POST /api/tasks/:id/drafts": async () => ({ result: [] }),
  "PUT /api/drafts/:id/": async () => ({ result: [] }),
  "POST /api/predictions/": async ({ records }) => ({ task: records.tasks, result: [] }),
};

interface Senders {
  app: ApiApp;
  member: Person;
  removed: Person;
}

async function startWithSenders(t: TestHooks): Promise<Senders> {
  const started = await startApi(t);
  const [member, removed] = [await started.member(), await started.member()];
  await started.owner.script("delete", `/api/organizations/1/memberships/${removed.user.id}/`).expect(204);
  return { app: started, member, removed };
}

/** The requesters in the order of `Statuses`, each with another member and records of its own: for `address`, if given. */
async function createRequesters(
  { app, member, removed }: Senders,
  isOneself: boolean,
  address?: string,
): Promise<Requester[]> {
  const requester = async (person: Person, script = person.script) => {
    const other = await app.member();
    // A removed member's own records are gone, so the request is about those of another member.
    const about = isOneself && script !== app.anonymous && person !== removed ? person : other;
    return { script, other, about, records: await addLabelRecords(app, about.user, address) };
  };
  return [
    await requester(member, app.anonymous),
    await requester(member),
    await requester(app.owner),
    await requester(removed),
  ];
}

function pathOf(address: string, { about, records }: Requester): string {
  const ofUser = address.startsWith("/api/users/") ? about.user.id : 1;
  return addressOf(address, records).replace(":user_id", String(about.user.id)).replace(":id", String(ofUser));
}

async function ask(method: Method, address: string, requester: Requester): Promise<number> {
  const body = await bodies[`${method} ${address}`]?.(requester);
  const request = requester.script(method.toLowerCase() as Lowercase<Method>, pathOf(address, requester), body);
  if (method === "POST" && address.endsWith("/avatar/")) request.attach("avatar", smallPng, "me.png");
  return (await request).status;
}

test("api access: the table has each address and method that there is, and no others (Z1)", () => {
  const served = resources.flatMap((resource) =>
    endpointsByMethod(resource).map(([method]) => `${method} ${resource.path}`),
  );
  const rows = Object.entries(table).flatMap(([name, row]) =>
    methods.filter((method) => row[method]).map((method) => `${method} ${name.replace(" oneself", "")}`),
  );

  assert.deepEqual([...new Set(rows)].sort(), served.sort());
});

/** The server of all rows but those that use up a token. */
const shared = share(startWithSenders);

/** For requests that may be sent again and again. */
const requesters = {
  others: share(async () => createRequesters(await shared(), false)),
  oneself: share(async () => createRequesters(await shared(), true)),
};

/** Each person has one legacy token, and at most one personal token. */
const usesUpOwnToken = ["POST /api/current-user/reset-token/", "POST /api/token/", "POST /api/token/rotate/"];

/** What these are about is gone afterwards, or can't be created a second time. */
const usesUp = ["POST /api/token/refresh/", "POST /api/token/blacklist/", "POST /api/dm/actions/"];

async function requestersFor(t: TestContext, method: Method, address: string, isOneself: boolean) {
  const call = `${method} ${address}`;
  if (usesUpOwnToken.includes(call)) return createRequesters(await startWithSenders(t), isOneself, address);
  if (method === "DELETE" || usesUp.includes(call)) return createRequesters(await shared(), isOneself, address);
  return requesters[isOneself ? "oneself" : "others"]();
}

for (const [name, row] of Object.entries(table)) {
  const address = name.replace(" oneself", "");
  const isOneself = name !== address;

  for (const method of methods) {
    const statuses = row[method];
    if (!statuses) continue;
    test(`api access: ${method} ${name} is for whom it should be (Z1)`, async (t) => {
      const actual = [];

      for (const requester of await requestersFor(t, method, address, isOneself))
        actual.push(await ask(method, address, requester));

      assert.deepEqual(actual, statuses);
    });
  }
}

test("api access: an address in other letters is a 404 for every requester (Z1)", async (t) => {
  const { signedIn, owner } = await startApi(t);
  const { browser } = await signedIn();

  for (const path of ["/API/users/", "/api/Users/", "/Api/Current-User/Token"]) {
    await browser.get(path).expect(404);
    await owner.script("get", path).expect(404);
  }
});
