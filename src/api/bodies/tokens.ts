import { z } from "zod";

import { boolean, text } from "./fields.ts";

/** A personal access token; to revoke one, what the list shows of it is enough. */
export const refreshForm = z.object({ refresh: text({ max: 10_000, required: true }) }).meta({ id: "RefreshToken" });

/** The lifetime is set in the pages: upstream's own clients must send one here, and Label Studio ignores it. */
export const tokenSwitchesForm = z
  .object({
    api_tokens_enabled: boolean().optional(),
    legacy_api_tokens_enabled: boolean().optional(),
  })
  .meta({ id: "JWTSettingsChanges" });
