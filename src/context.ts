import type { ParameterizedContext } from "koa";

import type { Logger } from "./common/logger.ts";
import type { Metrics } from "./common/metrics.ts";
import type { Config } from "./config/config.ts";
import type { ProjectDeleter } from "./background/project-deleter.ts";
import type { OutageLog } from "./database/outages.ts";
import type { Exporter } from "./exports/exporter.ts";
import type { AvatarMaker } from "./images/avatars.ts";
import type { Importer } from "./imports/importer.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { Organization } from "./repositories/accounts/organizations.ts";
import type { Session, SessionData } from "./repositories/accounts/sessions.ts";
import type { User } from "./repositories/accounts/user-columns.ts";
import type { Repositories } from "./repositories/index.ts";

/** What every handler finds on `ctx`. */
export interface AppContext {
  config: Config;
  log: Logger;
  /** Identifies the request in the log and on error pages. */
  request_id: string;
  outages: OutageLog;
  /** Undefined unless somebody may read them. */
  metrics: Metrics | undefined;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
  repositories: Repositories;
  /** Runs work in a transaction, with repositories over it. */
  inTransaction: <Result>(work: (repositories: Repositories) => Promise<Result>) => Promise<Result>;
  makeAvatar: AvatarMaker;
  /** Undefined where no mail can be sent. */
  mailer: Mailer | undefined;
  importer: Importer;
  exporter: Exporter;
  projectDeleter: ProjectDeleter;
  /** The host the request was sent to, as a trusted proxy says, else as the request itself. */
  requested_host: string | undefined;
  /** Whether this is known to be https by what all requests of a browser have, and not by `Origin` or `Referer`. */
  is_always_https: boolean;
  /** The hosts the request may have been sent to; a page of another site can choose none of them. */
  requested_hosts: string[];
  /** Answers with a page: a template of views/ without its extension, and its variables. */
  render(view: string, locals?: Record<string, unknown>): void;
  /** Shows a message on the next page, with a link or a button (which sends a form to `post`). Paths have no base path. */
  flash(text: string, action?: { label: string; href: string } | { label: string; post: string }): void;
  /** koa-session's session; set to `null`, it ends. */
  session: (SessionData & { regenerate(): Promise<void>; save(): Promise<void>; maxAge: number | "session" }) | null;
  /** koa-session's options for this request alone. */
  sessionOptions: { key: string; path: string; secure: boolean; sameSite: "lax" | "none"; partitioned: boolean };
  request: { body?: unknown };
}

/** ctx.state of a request: empty for a visitor, set for a member. */
export interface Visitor {
  user?: User;
  organization?: Organization;
  current_session?: Session;
  /** What the user's email was before somebody else changed it, until they have read that. */
  previous_email?: string | null;
  /** Whether the user of the session has a second factor. */
  has_two_factor?: boolean;
  /** The kind of token, for a request that was not authenticated by a session. */
  credential?: "legacy" | "personal" | "access" | "key";
  /** Why the token of the request is not valid. */
  token_error?: string;
}

export type SignedIn = Visitor & Required<Pick<Visitor, "user" | "organization">>;

export type Context = ParameterizedContext<Visitor, AppContext>;
