import { Router } from "@koa/router";

import { docsPage } from "../api/docs-page.ts";
import type { OpenApiDocument } from "../api/openapi.ts";
import type { AppContext, Visitor } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";

/**
 * The API's documentation, without log-in: a page, and the OpenAPI document at the addresses where Label Studio serves
 * it. `document` is called at each request and should be memoized.
 */
export function apiDocs(document: () => OpenApiDocument): Router<Visitor, AppContext> {
  const router = new Router<Visitor, AppContext>();

  router.get("/docs/api", (ctx) => {
    const base_url = baseUrl(ctx);
    ctx.render("docs/api", { base_url, python_setup: pythonSetup(base_url), ...docsPage(document()) });
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

/** The lines that the Python samples start from. */
function pythonSetup(base_url: string): string {
  return `import requests
from label_studio_sdk import LabelStudio

url, token = "${base_url}", "your token"
headers = {"Authorization": f"Token {token}"}
client = LabelStudio(base_url=url, api_key=token)`;
}
