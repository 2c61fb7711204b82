import assert from "node:assert/strict";
import { test } from "node:test";

import { resources } from "../../src/api/index.ts";
import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { addLabelRecords, addressOf } from "../support/label-records.ts";
import { assertRefused } from "../support/refusals.ts";

const allowed: Record<string, string> = {
  "/api/users/": "GET, POST, HEAD",
  "/api/users/:id/": "GET, HEAD, PATCH, DELETE",
  "/api/users/:id/avatar/": "POST, DELETE",
  "/api/users/:id/status/": "GET, PATCH, HEAD, OPTIONS",
  "/api/users/:id/sessions/": "DELETE, OPTIONS",
  "/api/users/:id/tokens/": "DELETE, OPTIONS",
  "/api/users/:id/reset-link/": "POST, OPTIONS",
  "/api/users/:id/make-owner/": "POST, OPTIONS",
  "/api/current-user/whoami": "GET, HEAD, OPTIONS",
  "/api/current-user/token": "GET, HEAD, OPTIONS",
  "/api/current-user/reset-token/": "POST, OPTIONS",
  "/api/current-user/hotkeys/": "GET, PATCH, HEAD, OPTIONS",
  "/api/token/": "GET, POST, HEAD, OPTIONS",
  "/api/token/refresh/": "POST, OPTIONS",
  "/api/token/rotate/": "POST, OPTIONS",
  "/api/token/blacklist/": "POST, OPTIONS",
  "/api/invitations/": "GET, POST, HEAD, OPTIONS",
  "/api/invitations/:id/": "GET, DELETE, HEAD, OPTIONS",
  "/api/keys/": "GET, POST, HEAD, OPTIONS",
  "/api/keys/:id/": "DELETE, OPTIONS",
  "/api/events/": "GET, HEAD, OPTIONS",
  "/api/jwt/settings": "GET, POST, HEAD, OPTIONS",
  "/api/session-policy/": "GET, PATCH",
  "/api/invite": "GET, HEAD, OPTIONS",
  "/api/invite/reset-token": "POST, OPTIONS",
  "/api/organizations/": "GET, POST, HEAD, OPTIONS",
  "/api/organizations/:id": "GET, PUT, PATCH, HEAD, OPTIONS",
  "/api/organizations/:id/memberships": "GET, HEAD, OPTIONS",
  "/api/organizations/:id/memberships/:user_id/": "DELETE, GET",
  "/api/projects/": "GET, POST, HEAD, OPTIONS",
  "/api/projects/counts/": "GET, HEAD, OPTIONS",
  "/api/projects/validate/": "POST, OPTIONS",
  "/api/projects/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/projects/:id/validate/": "GET, POST, HEAD, OPTIONS",
  "/api/projects/:id/annotators/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/next/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/tasks/": "GET, POST, DELETE, HEAD, OPTIONS",
  "/api/tasks/": "GET, POST, HEAD, OPTIONS",
  "/api/tasks/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/tasks/:id/annotations/": "GET, POST, HEAD, OPTIONS",
  "/api/tasks/:id/drafts": "GET, POST, HEAD, OPTIONS",
  "/api/annotations/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/predictions/": "GET, POST, HEAD, OPTIONS",
  "/api/predictions/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/drafts/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/dm/actions/": "GET, POST, HEAD, OPTIONS",
  "/api/dm/views/": "GET, POST, HEAD, OPTIONS",
  "/api/dm/views/order/": "POST, OPTIONS",
  "/api/dm/views/reset/": "DELETE, OPTIONS",
  "/api/dm/views/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/dm/columns/": "GET, HEAD, OPTIONS",
  "/api/dm/project/": "GET, HEAD, OPTIONS",
  // Import and export.
  "/api/projects/:id/import": "POST, OPTIONS",
  "/api/projects/:id/import/predictions": "POST, OPTIONS",
  "/api/projects/:id/reimport": "POST, OPTIONS",
  "/api/projects/:id/file-uploads": "GET, DELETE, HEAD, OPTIONS",
  "/api/import/file-upload/:id": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/projects/:id/export": "GET, HEAD, OPTIONS",
  "/api/projects/:id/export/formats": "GET, HEAD, OPTIONS",
  "/api/projects/:id/exports/": "GET, POST, HEAD, OPTIONS",
  "/api/projects/:id/exports/:export_pk": "GET, DELETE, HEAD, OPTIONS",
  "/api/projects/:id/exports/:export_pk/convert": "POST, OPTIONS",
  "/api/projects/:id/exports/:export_pk/download": "GET, HEAD, OPTIONS",
  "/api/projects/:id/tasks/bulk/": "POST, OPTIONS",
  "/api/projects/:id/imports/:import_pk/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/reimports/:import_pk/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/summary/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/summary/reset/": "POST, OPTIONS",
  "/api/projects/:id/sample-task/": "GET, POST, HEAD, OPTIONS",
  "/api/dm/actions/delete_tasks_annotations/form/": "GET, HEAD, OPTIONS",
  "/api/dm/actions/predictions_to_annotations/form/": "GET, HEAD, OPTIONS",
  "/api/projects/:id/model-versions/": "GET, DELETE, HEAD, OPTIONS",
  "/api/projects/:id/label-stream-history/": "GET, HEAD, OPTIONS",
  "/api/tasks/:id/agreement/": "GET, HEAD, OPTIONS",
  "/api/tasks/:id/annotations/:annotation_id/drafts": "GET, POST, HEAD, OPTIONS",
  "/api/annotations/:id/convert-to-draft": "POST, OPTIONS",
  "/api/ml/": "GET, POST, HEAD, OPTIONS",
  "/api/webhooks/": "GET, POST, HEAD, OPTIONS",
  "/api/labels/": "GET, POST, HEAD, OPTIONS",
  "/api/label_links/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/s3/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/gcs/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/azure/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/redis/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/localfiles/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/localfiles/validate/": "POST, OPTIONS",
  "/api/storages/localfiles/:id/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "/api/storages/localfiles/:id/sync/": "POST, OPTIONS",
  "/api/storages/export/s3/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/export/gcs/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/export/azure/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/export/redis/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/export/localfiles/": "GET, POST, HEAD, OPTIONS",
  "/api/storages/": "GET, HEAD, OPTIONS",
  "/api/storages/export/": "GET, HEAD, OPTIONS",
  "/api/storages/types/": "GET, HEAD, OPTIONS",
  "/api/templates/": "GET, HEAD, OPTIONS",
  "/api/version/": "GET, HEAD",
};

/** Addresses that need no credentials. */
const publicAddresses = ["/api/token/refresh/", "/api/token/blacklist/", "/api/projects/validate/", "/api/version/"];

const methods = ["get", "post", "put", "patch", "delete", "head", "options"] as const;

const bearer = ["/api/token/refresh/", "/api/token/rotate/", "/api/token/blacklist/"];

test("api methods: each address is in the list (Z4)", () => {
  assert.deepEqual(resources.map(({ path }) => path).sort(), Object.keys(allowed).sort());
});

const app = share(startApi);

/** A further person, with what a request to this address is about. */
async function addRequester(address: string) {
  const { member, repositories } = await app();
  const { script, user } = await member();
  const path = addressOf(address, await addLabelRecords({ repositories }, user, address)).replace(/:\w+/g, "1");
  return { script, path };
}

for (const [address, allow] of Object.entries(allowed)) {
  const path = address.replace(/:\w+/g, "1");
  const isAllowed = (method: string) => allow.split(", ").includes(method.toUpperCase());

  test(`api methods: ${address} has the Allow header, and refuses all other methods (Z4)`, async () => {
    const usual = await addRequester(address);

    for (const method of methods) {
      // These may delete what the next one is about, or use up a token.
      const usesUp = isAllowed(method) && ["post", "delete"].includes(method);
      const { script, path: own } = usesUp ? await addRequester(address) : usual;
      const answer = await script(method, own);
      assert.equal(answer.headers.allow, allow, method);
      // What is the owner's is refused to others without a body, too.
      if (method === "head") assert.equal(answer.status, isAllowed(method) ? (await script("get", own)).status : 405);
      else if (!isAllowed(method))
        assertRefused(answer, { status: 405, detail: `Method "${method.toUpperCase()}" not allowed.` });
      else if (method === "options") assert.equal(answer.status, 204);
      else assert.notEqual(answer.status, 405, method);
    }
  });

  test(`api methods: ${address} checks credentials before anything else (Z4)`, async () => {
    const { anonymous } = await app();

    for (const method of methods) {
      const answer = await anonymous(method, path);
      assert.equal(answer.headers.allow, allow, method);
      if (!publicAddresses.includes(address)) {
        assert.equal(answer.status, 401, method);
        assert.equal(answer.headers["www-authenticate"], bearer.includes(address) ? 'Bearer realm="api"' : "Token");
      } else if (!isAllowed(method)) assert.equal(answer.status, 405, method);
      else assert.notEqual(answer.status, 401, method);
    }
  });
}
