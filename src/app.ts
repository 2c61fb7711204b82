import type { Knex } from "knex";
import Koa from "koa";
import type { ILoader } from "nunjucks";

import { serveApi } from "./api/serve.ts";
import { createProjectDeleter } from "./background/project-deleter.ts";
import type { Logger } from "./common/logger.ts";
import { createMetrics } from "./common/metrics.ts";
import type { Config } from "./config/config.ts";
import type { AppContext, Visitor } from "./context.ts";
import { countConnections } from "./database/open.ts";
import { createOutageLog } from "./database/outages.ts";
import { inTransaction } from "./database/transaction.ts";
import { createExporter } from "./exports/exporter.ts";
import { makeAvatar } from "./images/avatars.ts";
import { createImporter } from "./imports/importer.ts";
import { createMailer } from "./mail/mailer.ts";
import { allowedHosts } from "./middleware/allowed-hosts.ts";
import { basePath } from "./middleware/base-path.ts";
import { refuseCompressedBodies } from "./middleware/compressed-bodies.ts";
import { compression } from "./middleware/compression.ts";
import { errors } from "./middleware/errors.ts";
import { formParser } from "./middleware/form-parser.ts";
import { measureRequests } from "./middleware/measure-requests.ts";
import { recordActivity } from "./middleware/record-activity.ts";
import { refuseWhileStopping } from "./middleware/refuse-while-stopping.ts";
import { rejectNulInUrl } from "./middleware/reject-nul.ts";
import { requestLog } from "./middleware/request-log.ts";
import { sameOrigin } from "./middleware/same-origin.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { sessions } from "./middleware/sessions.ts";
import { serveStaticFiles } from "./middleware/static-files.ts";
import { tokenAuthentication } from "./middleware/token-authentication.ts";
import { trustedProxies } from "./middleware/trusted-proxies.ts";
import { views } from "./middleware/views.ts";
import { staticFiles } from "./rendering/assets.ts";
import { loadViews } from "./rendering/templates.ts";
import { createRepositories } from "./repositories/index.ts";
import { createKeys } from "./repositories/keys.ts";
import { leadToPages } from "./routes/form-addresses.ts";
import { publicRoutes, routes } from "./routes/index.ts";

/** The codes of errors when a client disconnects before it has the whole response, and of its requests that are not HTTP. */
const clientErrorCode = /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

/** Builds the Koa application over a database. It has no global state: any number of them run in one process. */
export async function createApp({
  config,
  database,
  log,
  stopping = new AbortController().signal,
  templates,
}: {
  config: Config;
  database: Knex;
  log: Logger;
  /** Aborted when the server stops: new requests are refused from then on. */
  stopping?: AbortSignal;
  /** Loads the templates; by default from views/, or as the build has compiled them. */
  templates?: ILoader | undefined;
}): Promise<Koa<Visitor, AppContext>> {
  const app = new Koa<Visitor, AppContext>({ proxy: true });
  const keys = createKeys(config);
  const repositories = createRepositories(database, config, keys);
  const inOneTransaction: AppContext["inTransaction"] = async (work) =>
    inTransaction(database, async (transaction) => work(createRepositories(transaction, config, keys)));
  const outages = createOutageLog(database, log, stopping);
  const importer = createImporter(repositories, outages);
  const exporter = createExporter(repositories, outages);
  const projectDeleter = createProjectDeleter(repositories, outages);
  const hasMetrics = config.metrics_token !== undefined || config.metrics_networks !== undefined;
  Object.assign(app.context, {
    config,
    log,
    outages,
    metrics: hasMetrics ? await createMetrics(() => countConnections(database)) : undefined,
    stopping,
    repositories,
    inTransaction: inOneTransaction,
    importer,
    exporter,
    projectDeleter,
    makeAvatar,
    mailer: createMailer(config, log),
  });
  app.on("error", (error: NodeJS.ErrnoException) => {
    // What a client does is no failure of the server.
    log[clientErrorCode.test(error.code ?? "") ? "debug" : "error"]({ err: error }, "request failed");
  });
  const files = staticFiles();

  app.use(requestLog);
  if (hasMetrics) app.use(measureRequests);
  app.use(trustedProxies(config));
  app.use(securityHeaders(config));
  app.use(compression());
  app.use(basePath(config.base_path));
  app.use(serveStaticFiles(files));
  app.use(views(await loadViews(config.base_path, files, templates)));
  app.use(errors);
  app.use(refuseWhileStopping);
  app.use(rejectNulInUrl);
  app.use(refuseCompressedBodies);
  app.use(allowedHosts(log));
  app.use(sameOrigin(log));
  app.use(publicRoutes.routes());
  app.use(publicRoutes.allowedMethods());
  app.use(tokenAuthentication);
  app.use(sessions(app, config));
  app.use(recordActivity);
  app.use(serveApi);
  for (const middleware of formParser()) app.use(middleware);
  app.use(routes.routes());
  app.use(leadToPages(routes));
  app.use(routes.allowedMethods());
  return app;
}
