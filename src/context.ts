import type { ParameterizedContext } from "koa";

import type { MakeAvatar } from "./images/avatars.ts";
import type { Config } from "./config/config.ts";
import type { Exporter } from "./exports/exporter.ts";
import type { Importer } from "./imports/importer.ts";
import type { Log } from "./common/logger.ts";
import type { Organization } from "./repositories/accounts/organizations.ts";
import type { Repositories } from "./repositories/index.ts";
import type { Session, SessionData } from "./repositories/accounts/sessions.ts";
import type { User } from "./repositories/accounts/user-columns.ts";

/** What every handler finds on `ctx`. */
export interface AppContext {
  config: Config;
  log: Log;
  repositories: Repositories;
  makeAvatar: MakeAvatar;
  importer: Importer;
  exporter: Exporter;
  /** The hosts that the browser may have asked for; a foreign page can choose none of them. */
  hosts_asked_for: string[];
  /** Answers with a page. */
  render(view: string, locals?: Record<string, unknown>): void;
  /** Says something on the next page that is shown. */
  flash(message: string): void;
  /** koa-session's; `null` ends it. */
  session: (SessionData & { regenerate(): Promise<void>; save(): Promise<void>; maxAge: number | "session" }) | null;
  /** koa-session's options for this request alone. */
  sessionOptions: { key: string; path: string; secure: boolean };
  request: { body?: unknown };
}

/** Who is asking: nobody that we know, or a member. */
export interface Visitor {
  user?: User;
  organization?: Organization;
  open_session?: Session;
  /** The token that was shown, where it was none of the browser's session. */
  credential?: "legacy" | "personal" | "access";
  /** Why a token that was shown does not count. */
  refusal?: string;
}

export type SignedIn = Visitor & Required<Pick<Visitor, "user" | "organization">>;

export type Context = ParameterizedContext<Visitor, AppContext>;
