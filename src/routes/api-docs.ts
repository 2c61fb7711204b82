import { Router } from "@koa/router";

import type { OpenApiDocument } from "../api/openapi.ts";
import type { Config } from "../config/config.ts";
import type { AppContext, Visitor } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";

/** The API's documentation, without log-in: a page, and the OpenAPI document at the addresses where Label Studio serves it. */
export const apiDocs = new Router<Visitor, AppContext>();

apiDocs.get("/docs/api", async (ctx) => {
  const { docsPage } = await import("../api/docs-page.ts");
  const base_url = baseUrl(ctx);
  const page = docsPage(await documentOf(ctx.config));
  ctx.render("docs/api", { base_url, python_setup: pythonSetup(base_url), ...page });
});

apiDocs.get("/docs/api/schema/json", async (ctx) => {
  ctx.body = await documentOf(ctx.config);
});

// Every JSON document is a YAML document, too.
apiDocs.get("/docs/api/schema/yaml", async (ctx) => {
  ctx.body = JSON.stringify(await documentOf(ctx.config), null, 2);
  ctx.type = "application/yaml";
});

apiDocs.get(["/docs/api/schema/redoc", "/docs/api/schema/swagger-ui", "/swagger"], (ctx) => {
  ctx.redirect("/docs/api/");
});

const documents = new WeakMap<Config, Promise<OpenApiDocument>>();

/** The document of a server, which is made when somebody first asks for it. */
async function documentOf(config: Config): Promise<OpenApiDocument> {
  const document = documents.get(config) ?? describeApi(config);
  documents.set(config, document);
  return document;
}

/** The API is loaded for that alone, since a start needs none of it. */
async function describeApi(config: Config): Promise<OpenApiDocument> {
  const { resources } = await import("../api/index.ts");
  const { openApiDocument } = await import("../api/openapi.ts");
  return openApiDocument(resources, config);
}

/** The lines that the Python samples start from. */
function pythonSetup(base_url: string): string {
  return `import requests
from label_studio_sdk import LabelStudio

url, token = "${base_url}", "your token"
headers = {"Authorization": f"Token {token}"}
client = LabelStudio(base_url=url, api_key=token)`;
}
