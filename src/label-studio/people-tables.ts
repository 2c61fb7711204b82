import type { SourceTable } from "./source.ts";

/*
 * What is read of Label Studio's tables, as 1.23 has them. Columns that an older version lacks are null there, and whoever
 * reads them knows what that version meant by it.
 */

export const htxUser = {
  name: "htx_user",
  columns: {
    id: "number",
    password: "text",
    email: "text",
    username: "text",
    first_name: "text",
    last_name: "text",
    phone: "text",
    avatar: "text",
    custom_hotkeys: "json",
    is_active: "flag",
    is_deleted: "flag",
    allow_newsletters: "flag",
    date_joined: "moment",
    last_activity: "moment",
  },
} as const satisfies SourceTable;

export const emails = { name: "htx_user", columns: { id: "number", email: "text" } } as const satisfies SourceTable;

export const organization = {
  name: "organization",
  columns: {
    id: "number",
    title: "text",
    token: "text",
    created_by_id: "number",
    contact_info: "text",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;

export const organizationMember = {
  name: "organizations_organizationmember",
  columns: {
    id: "number",
    user_id: "number",
    created_at: "moment",
    updated_at: "moment",
    deleted_at: "moment",
  },
} as const satisfies SourceTable;

export const jwtSettings = {
  name: "jwt_auth_jwtsettings",
  key: "organization_id",
  columns: { api_tokens_enabled: "flag", api_token_ttl_days: "number", legacy_api_tokens_enabled: "flag" },
} as const satisfies SourceTable;

export const sessionPolicy = {
  name: "session_policy_sessiontimeoutpolicy",
  key: "organization_id",
  columns: { max_session_age: "number", max_time_between_activity: "number", updated_at: "moment" },
} as const satisfies SourceTable;

export const authToken = {
  name: "authtoken_token",
  key: "user_id",
  columns: { user_id: "number", key: "text", created: "moment" },
} as const satisfies SourceTable;

export const outstandingToken = {
  name: "token_blacklist_outstandingtoken",
  columns: {
    id: "number",
    user_id: "number",
    jti: "text",
    token: "text",
    created_at: "moment",
    expires_at: "moment",
    revoked_at: "moment",
  },
  computed: {
    revoked_at: `(select blacklisted_at from token_blacklist_blacklistedtoken as revoked
      where revoked.token_id = token_blacklist_outstandingtoken.id)`,
  },
} as const satisfies SourceTable;
