import assert from "node:assert/strict";
import { test } from "node:test";

import { endpointsByMethod } from "../../src/api/endpoint.ts";
import { resources } from "../../src/api/index.ts";
import type { OpenApiDocument } from "../../src/api/openapi.ts";
import { startApp } from "../support/app.ts";
import { read } from "../support/pages.ts";

const calls = resources.flatMap((resource) =>
  endpointsByMethod(resource).map(([method, endpoint]) => ({ resource, method, endpoint })),
);

test("api docs: the document names every call, and whether it needs credentials", async (t) => {
  const { request } = await startApp(t);

  const answer = await request().get("/docs/api/schema/json/").expect(200);
  const { openapi, paths } = answer.body as OpenApiDocument;

  assert.equal(openapi, "3.1.0");
  assert.equal(Object.values(paths).flatMap((operations) => Object.keys(operations)).length, calls.length);
  for (const { resource, method, endpoint } of calls) {
    const operation = paths[resource.path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
    assert.equal(operation?.summary, endpoint.summary);
    assert.equal(operation?.security.length === 0, endpoint.isPublic, `${method} ${resource.path}`);
  }
});

test("api docs: fields, limits and records come from the schemas of bodies and presenters", async (t) => {
  const { request } = await startApp(t, { password_min_length: 12 });

  const { paths, components } = (await request().get("/docs/api/schema/json/")).body as OpenApiDocument;
  const create = paths["/api/users/"]?.post;

  assert.deepEqual(Object.keys(create?.requestBody?.content ?? {}), [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
  ]);
  assert.deepEqual(components.schemas.NewUser?.required, ["username", "email"]);
  assert.match(JSON.stringify(components.schemas.NewUser?.properties?.first_name), /"maxLength":256/);
  assert.match(JSON.stringify(components.schemas.NewUser?.properties?.password), /12 to 128 characters/);
  assert.deepEqual(create?.responses["201"]?.content?.["application/json"]?.schema, {
    $ref: "#/components/schemas/User",
  });
  assert.ok(!Object.keys(components.schemas.User?.properties ?? {}).includes("password"));
});

test("api docs: what answers a file says its types, and which parameters may come several times", async (t) => {
  const { request, visitor } = await startApp(t);

  const { paths } = (await request().get("/docs/api/schema/json/")).body as OpenApiDocument;
  const { responses, parameters } = paths["/api/projects/{id}/export"]?.get ?? {};
  const page = read(await visitor().get("/docs/api/"));

  const content = responses?.["200"]?.content ?? {};
  assert.deepEqual(Object.keys(content), [
    "application/json",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/zip",
  ]);
  assert.equal(content["application/json"]?.schema.type, "array");
  assert.deepEqual(content["text/csv"]?.schema.format, "binary");
  const lists = parameters?.filter(({ schema }) => schema.type === "array").map(({ name }) => name);
  assert.deepEqual(lists, ["ids", "ids[]"]);
  const call = page('.call:contains("Export a project")').text();
  assert.match(call, /curl -OJ -H/);
  assert.match(call, /a file: application\/json, text\/csv, text\/tab-separated-values/);
});

test("api docs: every reference in the document leads somewhere", async (t) => {
  const { request } = await startApp(t);

  const { text, body } = await request().get("/docs/api/schema/json/");
  const { components } = body as OpenApiDocument;

  const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  assert.ok(names.length > 20);
  for (const name of names) assert.ok(components.schemas[name ?? ""], name);
});

test("api docs: the YAML address gives the same document", async (t) => {
  const { request } = await startApp(t);

  const json = await request().get("/docs/api/schema/json/");
  const yaml = await request()
    .get("/docs/api/schema/yaml/")
    .expect("Content-Type", /application\/yaml/);

  assert.deepEqual(JSON.parse(yaml.text || String(yaml.body)), json.body);
});

test("api docs: the page shows each call with a curl and a Python line, to everybody", async (t) => {
  const { visitor } = await startApp(t);

  const page = read(await visitor().get("/docs/api/").expect(200));

  assert.equal(page(".call").length, calls.length);
  for (const { resource, method, endpoint } of calls) {
    const call = page(`.call:contains("${endpoint.summary}")`).filter(
      (_, each) => page(each).find("h3").text() === endpoint.summary,
    );
    assert.equal(call.find("p > code").first().text(), `${method} ${resource.path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const [curl = "", python = ""] = call
      .find("pre")
      .toArray()
      .map((pre) => page(pre).text());
    assert.match(curl, /^curl .*"\$URL\/api\//);
    assert.equal(python, endpoint.python);
  }
});

test("api docs: the page's own address stands in its samples", async (t) => {
  const { visitor } = await startApp(t, { host: new URL("https://labels.example.com/team"), base_path: "/team" });

  const { text } = await visitor().get("/team/docs/api/");
  const { body } = await visitor().get("/team/docs/api/schema/json/");

  assert.match(text, /URL=&quot;https:\/\/labels\.example\.com\/team&quot;/);
  assert.deepEqual((body as OpenApiDocument).servers, [{ url: "/team" }]);
});

test("api docs: Label Studio's addresses of its documentation redirect to the page", async (t) => {
  const { visitor } = await startApp(t);

  for (const path of ["/docs/api/schema/redoc/", "/docs/api/schema/swagger-ui/", "/swagger/"]) {
    await visitor().get(path).expect(302).expect("Location", "/docs/api/");
  }
});
