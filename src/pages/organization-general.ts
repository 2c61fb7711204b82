import { version } from "../common/package.ts";
import type { Context, SignedIn } from "../context.ts";
import { hasLabelStudioTitle } from "../repositories/accounts/organizations.ts";
import { canManagePeople } from "../security/permissions.ts";

type GeneralContext = Pick<Context, "repositories" | "render" | "status"> & { state: SignedIn };

/** What came back with a refused form: its values, its errors, and the question of the danger zone that asks again. */
interface Refused {
  values?: Record<string, unknown>;
  errors?: Record<string, string[] | undefined>;
  asked?: "log-out" | "revoke-tokens";
}

/** The page with the organization's name and what is known of it; with 422 for a refused form. */
export async function renderGeneral(ctx: GeneralContext, refused?: Refused): Promise<void> {
  const { organization, user } = ctx.state;
  const { people, projects, users } = ctx.repositories;
  const { created_by_id, title } = organization;
  const owner = created_by_id === null ? undefined : await users.find(created_by_id);
  const { never: never_seen } = await people.counts();
  const project_count = await projects.count({ archived: false });
  if (refused) ctx.status = 422;
  ctx.render("organization/general", {
    owner,
    can_manage: canManagePeople(user, organization),
    never_seen,
    project_count,
    version,
    values: { title: hasLabelStudioTitle(organization) ? "" : title },
    ...refused,
  });
}
