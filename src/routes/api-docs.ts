import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { publicAddress } from "../public-address.ts";
import { docsPage } from "./api/docs-page.ts";

/** What the API can do, for everybody: a page to read, and an OpenAPI document where upstream has its own. */
export const apiDocs = new Router<Visitor, AppContext>();

apiDocs.get("/docs/api", (ctx) => {
  ctx.render("docs/api", { address: publicAddress(ctx), ...docsPage(ctx.apiDocument()) });
});

apiDocs.get("/docs/api/schema/json", (ctx) => {
  ctx.body = ctx.apiDocument();
});

// Every JSON document is a YAML document, too.
apiDocs.get("/docs/api/schema/yaml", (ctx) => {
  ctx.body = JSON.stringify(ctx.apiDocument(), null, 2);
  ctx.type = "application/yaml";
});

apiDocs.get(["/docs/api/schema/redoc", "/docs/api/schema/swagger-ui", "/swagger"], (ctx) => {
  ctx.redirect("/docs/api/");
});
