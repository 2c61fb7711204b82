import { Router } from "@koa/router";

import { docsPage } from "../api/docs-page.ts";
import { resources } from "../api/index.ts";
import { openApiDocument } from "../api/openapi.ts";
import type { OpenApiDocument } from "../api/openapi.ts";
import type { Config } from "../config/config.ts";
import type { AppContext, Visitor } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";

/** The API's documentation, without log-in: a page, and the OpenAPI document at the addresses where Label Studio serves it. */
export const apiDocs = new Router<Visitor, AppContext>();

apiDocs.get("/docs/api", (ctx) => {
  const base_url = baseUrl(ctx);
  ctx.render("docs/api", { base_url, python_setup: pythonSetup(base_url), ...docsPage(documentOf(ctx.config)) });
});

apiDocs.get("/docs/api/schema/json", (ctx) => {
  ctx.body = documentOf(ctx.config);
});

// Every JSON document is a YAML document, too.
apiDocs.get("/docs/api/schema/yaml", (ctx) => {
  ctx.body = JSON.stringify(documentOf(ctx.config), null, 2);
  ctx.type = "application/yaml";
});

apiDocs.get(["/docs/api/schema/redoc", "/docs/api/schema/swagger-ui", "/swagger"], (ctx) => {
  ctx.redirect("/docs/api/");
});

const documents = new WeakMap<Config, OpenApiDocument>();

/** The document of a server, which is made when somebody first asks for it. */
function documentOf(config: Config): OpenApiDocument {
  const document = documents.get(config) ?? openApiDocument(resources, config);
  documents.set(config, document);
  return document;
}

/** The lines that the Python samples start from. */
function pythonSetup(base_url: string): string {
  return `import requests
from label_studio_sdk import LabelStudio

url, token = "${base_url}", "your token"
headers = {"Authorization": f"Token {token}"}
client = LabelStudio(base_url=url, api_key=token)`;
}
