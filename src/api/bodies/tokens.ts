import * as z from "zod";

import { boolean, text } from "./fields.ts";

/** A personal access token. Its owner may revoke it without the signature, which lists don't have. */
export const refreshTokenBody = z
  .object({ refresh: text({ max: 10_000, required: true }) })
  .meta({ id: "RefreshToken" });

/** Without the lifetime, which is set in the pages: the SDK must send one, and Label Studio ignores it here. */
export const tokenSettingsBody = z
  .object({
    api_tokens_enabled: boolean().optional(),
    legacy_api_tokens_enabled: boolean().optional(),
  })
  .meta({ id: "JWTSettingsChanges" });
