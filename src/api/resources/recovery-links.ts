import { baseUrl } from "../../http/base-url.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { createRecoveryLink, findRecoverable, recoveryPath } from "../../http/recovery-links.ts";
import { presentRecoveryLink, recoveryLinkRecord } from "../../presenters/recovery-link.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findMember } from "../find-records.ts";

/** Links with which others set their password, above all people whom a script has made. */
export const recoveryLinks: Resource[] = [
  {
    path: "/api/users/:id/reset-link/",
    tag: "Users",
    POST: endpoint({
      summary: "Make a link to set a password",
      description:
        "Owner only. Send it to the person: it works once, for 24 hours, and ends older links. They choose the password, which nobody else sees; sessions end when they do. It is shown only in this answer. Not part of Label Studio's API.",
      python: 'requests.post(f"{url}/api/users/2/reset-link/", headers={"Authorization": f"Token {token}"})',
      isRefusedToKeys: true,
      status: 201,
      response: recoveryLinkRecord,
      errors: { 403: "you are not the owner", 409: "the user is you, or was deactivated or removed" },
      async handle(ctx, { params }) {
        const { user } = await findMember(ctx, params.id);
        const account = await findRecoverable(ctx, user.id);
        const { token, expires_at } = orNotFound(await createRecoveryLink(ctx, account));
        return presentRecoveryLink(baseUrl(ctx) + recoveryPath(token), expires_at);
      },
    }),
  },
];
