import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { publicAddress } from "../public-address.ts";
import { docsPage } from "./api/docs-page.ts";

/** What the API can do, for everybody: a page to read, and an OpenAPI document where upstream has its own. */
export const apiDocs = new Router<Visitor, AppContext>();

apiDocs.get("/docs/api", (ctx) => {
  const address = publicAddress(ctx);
  ctx.render("docs/api", { address, python_begin: pythonBegin(address), ...docsPage(ctx.apiDocument()) });
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

/** What the samples in Python take for granted. */
function pythonBegin(address: string): string {
  return `import requests
from label_studio_sdk import LabelStudio

url, token = "${address}", "your token"
headers = {"Authorization": f"Token {token}"}
client = LabelStudio(base_url=url, api_key=token)`;
}
