import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Response } from "supertest";

import { daysFromNow, now } from "../../src/common/timestamps.ts";
import { uploadName } from "../../src/common/upload-name.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { startApi } from "../support/api.ts";
import type { ApiApp, Person, Script } from "../support/api.ts";
import { password, share } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { onPostgres } from "../support/database.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { smallPng } from "../support/images.ts";
import { addInvitation } from "../support/invitations.ts";
import { addLabelRecords, addressOf } from "../support/label-records.ts";
import type { LabelRecords } from "../support/label-records.ts";
import { pageForms, pageSetup } from "../support/page-forms.ts";
import { servedRoutes } from "../support/served-routes.ts";
import { chunksOf } from "../support/stored.ts";
import { newToken } from "../support/tokens.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

type Method = (typeof methods)[number];

/**
 * The statuses without credentials, as a member, as the owner, and with the session or the token of a removed member. What
 * another site's page sends with a member's session is refused with 403, and what it only asks for is answered as the member.
 */
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

/** What is not here: a list of nothing, and nothing can be made. */
const absent: Row = { ...read, POST: [401, 403, 403, 401] };

/** A page for members: others are led to log-in. */
const page: Row = { GET: [302, 200, 200, 302] };

const form: Row = { POST: [303, 303, 303, 303] };

/** What the owner does to others, and to nobody else. */
const forOwner: Row = { POST: [303, 403, 303, 303] };

const notOneself: Row = { POST: [303, 403, 409, 303] };

/** An address that leads elsewhere. */
const led: Row = { GET: [302, 302, 302, 302] };

const open: Row = { GET: [200, 200, 200, 200] };

/** `:user_id`, and `:id` of a user, a token or a draft, are another member's; in `oneself` they are the requester's own. */
const table: Record<string, Row> = {
  // Pages.
  "/health": open,
  "/ready": open,
  "/metrics": { GET: [404, 404, 404, 404] },
  "/data/avatars/:name": open,
  "/data/local-files/": { GET: [401, 403, 403, 401] },
  "/data/upload/:project_id/:name": { GET: [401, 200, 200, 401] },
  "/storage-data/uploaded/": { GET: [401, 200, 200, 401] },
  "/docs/api": open,
  "/docs/api/schema/json": open,
  "/docs/api/schema/yaml": open,
  "/docs/api/schema/redoc": led,
  "/docs/api/schema/swagger-ui": led,
  "/swagger": led,
  "/version": open,
  "/user/signup": { GET: [200, 302, 302, 200], POST: [303, 303, 303, 303] },
  // Whoever has not typed a password is led to log-in.
  "/user/login/code": { ...led, ...form },
  "/user/login": { GET: [200, 302, 302, 200], POST: [303, 303, 303, 303] },
  "/user/forgot-password": { GET: [200, 302, 302, 200], ...form },
  "/user/forgot-password/sent": { GET: [200, 302, 302, 200] },
  "/user/set-password": { ...led, POST: [403, 403, 403, 403] },
  "/logout": { ...led, ...form },
  "/": { ...page, ...form },
  "/projects": { ...page, ...form },
  "/help/shortcuts": page,
  "/projects/new": page,
  "/projects/:id": page,
  "/projects/:id/settings": { ...page, ...form },
  "/projects/:id/settings/labeling": led,
  "/projects/:id/settings/instruction": led,
  "/projects/:id/settings/annotation": led,
  "/projects/:id/settings/danger-zone": led,
  "/projects/:id/settings/:section": led,
  "/projects/:id/data": led,
  "/projects/:id/data/import": led,
  "/projects/:id/data/export": led,
  "/projects/:id/settings/preview": { POST: [303, 200, 200, 303] },
  "/projects/:id/delete": form,
  "/projects/:id/duplicate": form,
  "/projects/:id/archive": form,
  "/projects/:id/restore": form,
  "/projects/:id/people": page,
  "/projects/:id/tasks/delete": form,
  "/projects/:id/export": page,
  "/projects/:id/import": { ...page, ...form },
  "/projects/:id/imports/:import_id": page,
  "/projects/:id/imports/:import_id/undo": { POST: [303, 409, 409, 303] },
  "/projects/:id/filters/new": { ...page, ...form },
  "/projects/:id/filters/:view_id": { ...page, ...form },
  "/projects/:id/filters/:view_id/delete": form,
  "/projects/:id/tasks/:task_id": page,
  "/projects/:id/tasks/:task_id/delete": form,
  "/projects/:id/tasks/:task_id/annotations/:annotation_id/delete": { POST: [303, 403, 303, 303] },
  "/projects/:id/tasks/:task_id/annotations/:annotation_id/delete oneself": form,
  "/projects/:id/label": page,
  "/projects/:id/tasks/:task_id/label": { ...page, ...form },
  "/projects/:id/tasks/:task_id/skip": { ...led, ...form },
  "/projects/:id/tasks/:task_id/draft": { ...led, ...form },
  "/projects/:id/tasks/:task_id/draft/delete": form,
  "/projects/:id/tasks/:task_id/regions": { ...led, POST: [303, 200, 200, 303] },
  "/people": page,
  "/people/:id": page,
  "/people/:id oneself": page,
  "/people/emails": page,
  "/people/people.csv": page,
  "/people/:id/deactivate": forOwner,
  "/people/:id/deactivate oneself": notOneself,
  "/people/:id/activate": forOwner,
  "/people/:id/remove": forOwner,
  "/people/:id/remove oneself": notOneself,
  "/people/:id/restore": forOwner,
  "/people/:id/log-out": forOwner,
  "/people/:id/revoke-tokens": forOwner,
  "/people/:id/disable-2fa": forOwner,
  "/people/:id/make-owner": forOwner,
  "/people/:id/email": { GET: [302, 403, 200, 302], POST: [303, 403, 303, 303] },
  "/people/:id/email oneself": { GET: [302, 403, 409, 302], POST: [303, 403, 409, 303] },
  "/people/:id/reset-link": { POST: [303, 403, 200, 303] },
  "/people/:id/reset-link oneself": { POST: [303, 403, 409, 303] },
  "/people/:id/data": { GET: [302, 403, 200, 302], ...forOwner },
  "/people/:id/data/download": { GET: [302, 403, 200, 302] },
  "/people/:id/data/delete": forOwner,
  "/people/invite": { ...page, POST: [303, 409, 409, 303] },
  "/people/invite/links": { POST: [303, 200, 200, 303] },
  "/people/invite/links/:id/revoke": form,
  "/organization": led,
  "/organization/webhooks": led,
  "/models": led,
  "/organization/general": { ...page, ...form },
  "/organization/general/former-members": forOwner,
  "/organization/access": { ...page, ...form },
  "/organization/danger-zone/log-out": forOwner,
  "/organization/danger-zone/revoke-tokens": forOwner,
  "/organization/activity": { GET: [302, 403, 200, 302] },
  "/organization/activity/csv": { GET: [302, 403, 200, 302] },
  "/user/account": { ...page, ...form },
  "/user/account/personal-info": { ...page, ...form },
  "/user/account/avatar/delete": form,
  "/user/account/data": { ...page, ...form },
  "/user/account/data/download": page,
  "/user/account/data/delete": { POST: [303, 303, 409, 303] },
  "/user/account/email": { ...page, ...form },
  "/user/account/email/cancel": form,
  "/user/account/email/seen": form,
  "/user/account/email/confirm": { ...led, POST: [303, 403, 403, 303] },
  "/user/account/email-preferences": { ...page, ...form },
  "/user/account/membership-info": page,
  "/user/account/personal-access-token": { ...page, POST: [303, 200, 200, 303] },
  "/user/account/personal-access-token/:id/delete": { POST: [303, 404, 404, 303] },
  "/user/account/personal-access-token/:id/delete oneself": form,
  "/user/account/keys": { ...page, POST: [303, 200, 200, 303] },
  "/user/account/keys/:id/delete": { POST: [303, 404, 404, 303] },
  "/user/account/keys/:id/delete oneself": form,
  "/user/account/legacy-token": { ...page, ...form },
  // The code is wrong.
  "/user/account/two-factor": { ...page, POST: [303, 422, 422, 303] },
  "/user/account/two-factor/delete": form,
  "/user/account/two-factor/recovery-codes": form,
  "/user/account/two-factor/recovery-codes/file": { POST: [303, 200, 200, 303] },
  "/user/account/password": { ...page, ...form },
  "/user/account/sessions": page,
  "/user/account/sessions/delete": form,
  "/user/account/activity": page,
  "/user/account/organization": led,
  "/user/account/access-token-settings": led,
  "/user/account/:section": led,
  // The API.
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
  "/api/users/:id/status/": { GET: [401, 403, 200, 401], PATCH: [401, 403, 200, 401] },
  "/api/users/:id/status/ oneself": { GET: [401, 403, 200, 401], PATCH: [401, 403, 409, 401] },
  "/api/users/:id/sessions/": { DELETE: [401, 403, 204, 401] },
  "/api/users/:id/tokens/": { DELETE: [401, 403, 204, 401] },
  "/api/users/:id/make-owner/": { POST: [401, 403, 200, 401] },
  "/api/users/:id/reset-link/": { POST: [401, 403, 201, 401] },
  "/api/users/:id/reset-link/ oneself": { POST: [401, 403, 409, 401] },
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
  // Scripts here have legacy tokens, which make no keys.
  "/api/keys/": { GET: [401, 200, 200, 401], POST: [401, 403, 403, 401] },
  "/api/keys/:id/": { DELETE: [401, 404, 404, 401] },
  "/api/keys/:id/ oneself": { DELETE: [401, 204, 204, 401] },
  "/api/jwt/settings": { GET: [401, 200, 200, 401], POST: [401, 200, 200, 401] },
  "/api/session-policy/": { GET: [401, 200, 200, 401], PATCH: [401, 200, 200, 401] },
  "/api/invite": { GET: [401, 200, 200, 401] },
  "/api/invite/reset-token": { POST: [401, 201, 201, 401] },
  "/api/invitations/": readAndAdd,
  "/api/invitations/:id/": { ...read, DELETE: [401, 204, 204, 401] },
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
  "/api/events/": { GET: [401, 403, 200, 401] },
  "/api/projects/": readAndAdd,
  "/api/projects/counts/": read,
  "/api/projects/validate/": { POST: [204, 204, 204, 204] },
  "/api/projects/:id/": all,
  "/api/projects/:id/validate/": { ...read, POST: [401, 200, 200, 401] },
  "/api/projects/:id/annotators/": read,
  "/api/projects/:id/summary/": read,
  "/api/projects/:id/summary/reset/": { POST: [401, 200, 200, 401] },
  "/api/projects/:id/sample-task/": { ...read, POST: [401, 200, 200, 401] },
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
  "/api/dm/actions/delete_tasks_annotations/form/": read,
  "/api/dm/actions/predictions_to_annotations/form/": read,
  "/api/dm/views/": readAndAdd,
  "/api/dm/views/order/": { POST: [401, 200, 200, 401] },
  "/api/dm/views/reset/": { DELETE: [401, 204, 204, 401] },
  "/api/dm/views/:id/": all,
  "/api/dm/columns/": read,
  "/api/dm/project/": read,
  // Import and export.
  "/api/projects/:id/import": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/reimport": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/file-uploads": { ...read, DELETE: [401, 200, 200, 401] },
  "/api/import/file-upload/:id": all,
  "/api/projects/:id/import/predictions": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/export": read,
  "/api/projects/:id/export/formats": read,
  "/api/projects/:id/exports/": readAndAdd,
  "/api/projects/:id/exports/:export_pk": { ...read, DELETE: [401, 204, 204, 401] },
  "/api/projects/:id/exports/:export_pk/convert": { POST: [401, 200, 200, 401] },
  "/api/projects/:id/exports/:export_pk/download": read,
  "/api/projects/:id/tasks/bulk/": { POST: [401, 201, 201, 401] },
  "/api/projects/:id/imports/:import_pk/": { GET: [401, 404, 404, 401] },
  "/api/projects/:id/reimports/:import_pk/": { GET: [401, 404, 404, 401] },
  "/api/projects/:id/model-versions/": { ...read, DELETE: [401, 200, 200, 401] },
  "/api/projects/:id/label-stream-history/": read,
  "/api/tasks/:id/agreement/": { GET: [401, 403, 403, 401] },
  "/api/tasks/:id/annotations/:annotation_id/drafts": readAndAdd,
  "/api/annotations/:id/convert-to-draft": { POST: [401, 201, 201, 401] },
  // What is not here.
  "/api/ml/": absent,
  "/api/webhooks/": absent,
  "/api/storages/": read,
  "/api/storages/export/": read,
  "/api/storages/types/": read,
  "/api/storages/s3/": absent,
  "/api/storages/gcs/": absent,
  "/api/storages/azure/": absent,
  "/api/storages/redis/": absent,
  "/api/storages/localfiles/": absent,
  "/api/storages/localfiles/validate/": { POST: [401, 403, 403, 401] },
  "/api/storages/localfiles/:id/": none,
  "/api/storages/localfiles/:id/sync/": { POST: [401, 404, 404, 401] },
  "/api/storages/export/s3/": absent,
  "/api/storages/export/gcs/": absent,
  "/api/storages/export/azure/": absent,
  "/api/storages/export/redis/": absent,
  "/api/storages/export/localfiles/": absent,
  "/api/labels/": absent,
  "/api/label_links/": absent,
  "/api/templates/": read,
  "/api/version/": { GET: [200, 200, 200, 200] },
};

/** Who sends the request; `other` is a further member, and the request is `about` one of the two. */
interface Requester {
  script: Script;
  /** With a new session, which a request may end. */
  browser: () => Promise<Browser>;
  other: Person;
  about: Person;
  /** Each requester has its own, so that none deletes what the next one needs. */
  records: LabelRecords;
  /** A personal access token and a key of `about`, and the name of an image. */
  token: number;
  key: number;
  image: string;
  /** An invitation of `about`. */
  invitation: number;
  /** A file that was uploaded to the project. */
  upload: { id: number; file: string };
  /** Those that were sent: a refused one can be sent again. */
  bodies: Record<string, object | undefined>;
}

/** Valid bodies, so that the status depends on the requester alone. */
const bodies: Record<string, (requester: Requester) => Promise<object>> = {
  "POST /api/users/": async ({ other }) => ({ username: "new", email: `new-${other.user.email}` }),
  "PATCH /api/users/:id/": async () => ({ first_name: "Ann" }),
  "PATCH /api/users/:id/status/": async () => ({ status: "deactivated" }),
  "POST /api/users/:id/make-owner/": async () => ({ password }),
  "PATCH /api/current-user/hotkeys/": async () => ({ custom_hotkeys: {} }),
  "POST /api/token/refresh/": async ({ other }) => ({ refresh: await newToken(other.script) }),
  "POST /api/token/rotate/": async ({ about }) => ({ refresh: await newToken(about.script) }),
  "POST /api/token/blacklist/": async ({ other }) => ({ refresh: await newToken(other.script) }),
  "POST /api/keys/": async () => ({ name: "script" }),
  "POST /api/storages/localfiles/": async ({ records }) => ({ project: records.projects, path: "/files/images" }),
  "POST /api/storages/localfiles/validate/": async ({ records }) => ({ project: records.projects, path: "/files" }),
  "POST /api/projects/:id/import": async () => [{ text: "good" }],
  "POST /api/projects/:id/tasks/bulk/": async () => [{ text: "good" }],
  "DELETE /api/projects/:id/model-versions/": async () => ({ model_version: "v1" }),
  "POST /api/tasks/:id/annotations/:annotation_id/drafts": async () => ({ result: [] }),
  "POST /api/projects/:id/import/predictions": async ({ records }) => [{ task: records.tasks, result: [] }],
  "POST /api/projects/:id/exports/:export_pk/convert": async () => ({ export_type: "CSV" }),
  "PUT /api/organizations/:id": async () => ({ title: "Acme" }),
  "POST /api/projects/validate/": async () => ({ label_config: "<View></View>" }),
  "POST /api/projects/:id/sample-task/": async () => ({ label_config: pageSetup }),
  "POST /api/projects/:id/validate/": async () => ({ label_config: pageSetup }),
  "POST /api/projects/:id/tasks/": async () => ({ data: { text: "good" } }),
  "POST /api/tasks/": async ({ records }) => ({ project: records.projects, data: { text: "good" } }),
  "POST /api/dm/views/": async ({ records }) => ({ project: records.projects, data: { title: "Long ones" } }),
  "POST /api/dm/views/order/": async ({ records }) => ({ project: records.projects, ids: [records.views] }),
  "PUT /api/dm/views/:id/": async ({ records }) => ({ project: records.projects, data: {} }),
  "POST /api/tasks/:id/drafts": async () => ({ result: [] }),
  "PUT /api/drafts/:id/": async () => ({ result: [] }),
  "POST /api/predictions/": async ({ records }) => ({ task: records.tasks, result: [] }),
  "POST /user/login": async ({ other }) => ({ email: other.user.email, password }),
  "POST /user/signup": async ({ other }) => ({ email: `new-${other.user.email}`, password }),
  "POST /projects/:id/settings": async () => ({ ...pageForms["/projects/:id/settings"], show_skip_button: "on" }),
  "POST /projects/:id/delete": async () => ({ typed_title: "Reviews" }),
  "POST /people/:id/data/delete": async () => ({ current_password: password }),
  "POST /organization/danger-zone/log-out": async () => ({ current_password: password }),
  "POST /organization/danger-zone/revoke-tokens": async () => ({ current_password: password }),
  "POST /user/account/data/delete": async () => ({ current_password: password }),
  "POST /people/:id/make-owner": async () => ({ current_password: password }),
  "POST /people/:id/email": async ({ about }) => ({ email: `changed-${about.user.email}`, current_password: password }),
  "POST /user/account/two-factor/delete": async () => ({ current_password: password }),
  "POST /user/account/two-factor/recovery-codes": async () => ({ current_password: password }),
  "POST /user/account/password": async () => ({ current_password: password, new_password: "another staple" }),
  "POST /user/account/sessions/delete": async () => ({ current_password: password, session: "1" }),
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

/**
 * The requesters in the order of `Statuses`, each with another member and records of its own: for `address`, if given. On
 * PostgreSQL the owner alone, who reaches every query: what is refused to others is decided without the database. Those
 * `outside`, without credentials and removed, may be some that there are, where they are refused and so use nothing up.
 */
async function createRequesters(
  { app, member, removed }: Senders,
  isOneself: boolean,
  address?: string,
  outside?: { anonymous: Requester; removed: Requester },
): Promise<Requester[]> {
  const requester = async (person: Person, isAnonymous = false): Promise<Requester> => {
    const other = await app.member();
    // A removed member's own records are gone, so the request is about those of another member.
    const about = isOneself && !isAnonymous && person !== removed ? person : other;
    const { apiKeys, avatars, personalTokens } = app.repositories;
    const token = { jti: randomUUID(), name: "", token: "", created_at: now(), expires_at: daysFromNow(1) };
    if (!address || address.startsWith("/user/")) await personalTokens.create(about.user.id, token);
    const [made] = await personalTokens.list(about.user.id);
    const key = await apiKeys.create(about.user.id, { name: "script", days: 1, is_read_only: true });
    await avatars.replace(about.user.id, { type: "image/png", image: smallPng });
    const records = await addLabelRecords(app, about.user, address);
    return {
      script: isAnonymous ? app.anonymous : person.script,
      browser: async () => (isAnonymous ? app.visitor() : app.browserOf(person.user)),
      other,
      about,
      records,
      upload: await addUpload(app.repositories, records.projects),
      token: made?.id ?? 0,
      key: key?.key.id ?? 0,
      image: (await app.repositories.users.find(about.user.id))?.avatar ?? "missing",
      invitation: (await addInvitation(app, { created_by_id: about.user.id })).id,
      bodies: {},
    };
  };
  const owner = await requester(app.owner);
  if (onPostgres) return [owner];
  const { anonymous, removed: former } = outside ?? {
    anonymous: await requester(member, true),
    removed: await requester(removed),
  };
  return [anonymous, await requester(member), owner, former];
}

async function addUpload({ fileUploads, storedFiles }: Repositories, project_id: number) {
  const { id: stored, bytes } = await storedFiles.write(chunksOf(smallPng, smallPng.length));
  const file = uploadName("a.png");
  const [id = 0] = await fileUploads.create(project_id, null, [{ file, stored, bytes }]);
  return { id, file };
}

const isApi = (address: string) => address.startsWith("/api/");

function pathOf(address: string, requester: Requester): string {
  const { about, records, token, key, image, invitation, upload } = requester;
  if (address === "/storage-data/uploaded/") return `${address}?filepath=upload/${records.projects}/${upload.file}`;
  if (address.startsWith("/data/upload/")) return `/data/upload/${records.projects}/${upload.file}`;
  if (isApi(address)) {
    if (address.startsWith("/api/keys/")) return address.replace(":id", String(key));
    if (address.startsWith("/api/import/file-upload/")) return address.replace(":id", String(upload.id));
    if (address.startsWith("/api/invitations/")) return address.replace(":id", String(invitation));
    const ofUser = address.startsWith("/api/users/") ? about.user.id : 1;
    return addressOf(address, records).replace(":user_id", String(about.user.id)).replace(":id", String(ofUser));
  }
  const ids: Record<string, number | string> = { name: image, section: "hotkeys" };
  const own = address.startsWith("/user/account/keys/") ? key : token;
  const ofPeople = address.startsWith("/people/invite/") ? invitation : about.user.id;
  ids["id"] = address.startsWith("/people/") ? ofPeople : address.startsWith("/user/") ? own : records.projects;
  Object.assign(ids, {
    task_id: records.tasks,
    annotation_id: records.annotations,
    import_id: records.imports,
    view_id: records.views,
  });
  return address.replaceAll(/:(\w+)/g, (_, name: string) => String(ids[name]));
}

async function ask(method: Method, address: string, requester: Requester): Promise<number> {
  return isApi(address)
    ? (await prepare(method, address, requester, requester.script)).status
    : askFromBrowser(method, address, requester);
}

/** Asks with a session; `headers` say which page asks. */
async function askFromBrowser(method: Method, address: string, requester: Requester, headers = {}): Promise<number> {
  const browser = await requester.browser();
  const script: Script = (verb, path, body) => browser[verb](path).set(headers).send(body);
  return (await prepare(method, address, requester, script)).status;
}

/** The request with a valid body. */
async function prepare(method: Method, address: string, requester: Requester, script: Script): Promise<Response> {
  const call = `${method} ${address}`;
  const body = (requester.bodies[call] ??= (await bodies[call]?.(requester)) ?? pageForms[address]);
  const path = pathOf(address, requester);
  const verb = method.toLowerCase() as Lowercase<Method>;
  if ((method === "PUT" || method === "PATCH") && address.startsWith("/api/import/file-upload/"))
    return script(verb, path).attach("file", smallPng, "a.png");
  if (method === "POST" && address.endsWith("/avatar/")) return script(verb, path).attach("avatar", smallPng, "me.png");
  if (address === "/projects/:id/import" && method === "POST") return script(verb, path).field("text", "good");
  if (method === "GET") return script(verb, path);
  if (isApi(address)) return script(verb, path, body);
  return script(verb, path).type("form").send(body);
}

test("access: the table has each address and method that there is, and no others (Z1)", () => {
  const served = servedRoutes.map(({ method, path }) => `${method} ${path}`);
  const rows = Object.entries(table).flatMap(([name, row]) =>
    methods.filter((method) => row[method]).map((method) => `${method} ${name.replace(" oneself", "")}`),
  );

  assert.deepEqual([...new Set(rows)].sort(), [...new Set(served)].sort());
});

/** The server of all rows but those that use up a token. */
const shared = share(startWithSenders);

/** For requests that may be sent again and again. */
const requesters = {
  others: share(async () => createRequesters(await shared(), false)),
  oneself: share(async () => createRequesters(await shared(), true)),
};

/** Each person has one password, one legacy token, and at most one personal token by the API; there is one owner. */
const usesUpOwnCredentials = [
  "POST /user/account/data/delete",
  "POST /api/users/:id/make-owner/",
  "POST /people/:id/make-owner",
  "POST /user/account/password",
  "POST /organization/danger-zone/revoke-tokens",
  "POST /user/account/legacy-token",
  "POST /api/current-user/reset-token/",
  "POST /api/token/",
  "POST /api/token/rotate/",
];

/** What these are about is gone afterwards, or can't be created a second time, as an annotation of a task. */
const usesUp = [
  "PATCH /api/users/:id/status/",
  "POST /people/:id/deactivate",
  "POST /people/:id/remove",
  "POST /projects/:id/tasks/:task_id/label",
  "POST /projects/:id/tasks/:task_id/skip",
  "POST /api/annotations/:id/convert-to-draft",
  "POST /api/token/refresh/",
  "POST /api/token/blacklist/",
  "POST /api/dm/actions/",
];

async function requestersFor(t: TestContext, method: Method, address: string, isOneself: boolean, statuses: Statuses) {
  const call = `${method} ${address}`;
  if (usesUpOwnCredentials.includes(call)) return createRequesters(await startWithSenders(t), isOneself, address);
  const usesUpRecords = method === "DELETE" || address.includes("/delete") || usesUp.includes(call);
  if (!usesUpRecords) return requesters[isOneself ? "oneself" : "others"]();
  const [anonymous, , , removed] = await requesters.others();
  const areRefused = statuses[0] >= 300 && statuses[3] >= 300;
  const outside = anonymous && removed && areRefused ? { anonymous, removed } : undefined;
  return createRequesters(await shared(), isOneself, address, outside);
}

/** Log-out asks first whether it was meant. */
const otherSites: Record<string, number> = { "GET /logout": 200 };

for (const [name, row] of Object.entries(table)) {
  const address = name.replace(" oneself", "");
  const isOneself = name !== address;

  for (const method of methods) {
    const statuses = row[method];
    if (!statuses) continue;
    test(`access: ${method} ${name} is for whom it should be, and for no other site's page (Z1, C1)`, async (t) => {
      const asked = await requestersFor(t, method, address, isOneself, statuses);
      const [, member] = asked;
      if (member) {
        const expected = otherSites[`${method} ${address}`] ?? (method === "GET" ? statuses[1] : 403);
        const headers = { "Sec-Fetch-Site": "cross-site" };
        assert.equal(await askFromBrowser(method, address, member, headers), expected, "from another site");
      }

      const actual = [];
      for (const requester of asked) actual.push(await ask(method, address, requester));

      assert.deepEqual(actual, onPostgres ? [statuses[2]] : statuses);
    });
  }
}

test("access: an address in other letters is a 404 for every requester (Z1)", async (t) => {
  const { signedIn, owner } = await startApi(t);
  const { browser } = await signedIn();

  for (const path of ["/API/users/", "/api/Users/", "/Api/Current-User/Token"]) {
    await browser.get(path).expect(404);
    await owner.script("get", path).expect(404);
  }
});
