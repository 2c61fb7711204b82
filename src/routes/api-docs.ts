import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";
import { docsPage } from "../api/docs-page.ts";
import type { OpenApiDocument } from "../api/openapi.ts";

/**
 * The API's documentation, for everybody: a page to read, and the OpenAPI document at Label Studio's addresses for it.
 * `document` is called at each request; its caller keeps what it made.
 */
export function apiDocs(document: () => OpenApiDocument): Router<Visitor, AppContext> {
  const router = new Router<Visitor, AppContext>();

  router.get("/docs/api", (ctx) => {
    const address = baseUrl(ctx);
    ctx.render("docs/api", { address, python_begin: pythonBegin(address), ...docsPage(document()) });
  });

  router.get("/docs/api/schema/json", (ctx) => {
    ctx.body = document();
  });

  // Every JSON document is a YAML document, too.
  router.get("/docs/api/schema/yaml", (ctx) => {
    ctx.body = JSON.stringify(document(), null, 2);
    ctx.type = "application/yaml";
  });

  router.get(["/docs/api/schema/redoc", "/docs/api/schema/swagger-ui", "/swagger"], (ctx) => {
    ctx.redirect("/docs/api/");
  });

  return router;
}

/** What the samples in Python take for granted. */
function pythonBegin(address: string): string {
  return `import requests
from label_studio_sdk import LabelStudio

url, token = "${address}", "your token"
headers = {"Authorization": f"Token {token}"}
client = LabelStudio(base_url=url, api_key=token)`;
}
