import * as z from "zod";

import { limits } from "../common/limits.ts";
import { labelStudioVersion } from "../common/package.ts";
import type { Config } from "../config/config.ts";
import { errorRecord } from "../presenters/error.ts";
import { codeSamples } from "./code-samples.ts";
import type { CodeSample } from "./code-samples.ts";
import { bodySchema, endpointsByMethod } from "./endpoint.ts";
import type { Endpoint, Method, Resource } from "./endpoint.ts";

export type Schema = z.core.JSONSchema.BaseSchema;

/** The parts of OpenAPI 3.1 that our document uses. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema; example?: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  "x-codeSamples": CodeSample[];
}

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: Schema;
}

const securitySchemes = {
  Token: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description:
      "`Token <key>`, `Token <personal access token>` or `Token <legacy token>`. A key that only reads is refused with 403 by other methods than GET and HEAD.",
  },
  Bearer: { type: "http", scheme: "bearer", description: "an access token, from /api/token/refresh/" },
  Session: { type: "apiKey", in: "cookie", name: "sessionid", description: "a logged-in browser" },
};

const description =
  "Label Studio's HTTP API for users, tokens, invitations, the organization and its members. Every error has the same form.";

/** Returns the OpenAPI document, generated from the schemas by which endpoints validate and respond. */
export function openApiDocument(resources: Resource[], config: Config): OpenApiDocument {
  const schemas: Record<string, Schema> = {};
  const paths = resources.map((resource): [string, Record<string, Operation>] => [
    documentPath(resource.path),
    Object.fromEntries(
      endpointsByMethod(resource).map(([method, endpoint]) => [
        method.toLowerCase(),
        operation({ method, resource, endpoint, config, schemas }),
      ]),
    ),
  ]);
  return {
    openapi: "3.1.0",
    info: { title: "Atelier", version: labelStudioVersion, description },
    servers: [{ url: config.base_path || "/" }],
    tags: [...new Set(resources.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: { schemas, securitySchemes },
  };
}

interface OperationInput {
  method: Method;
  resource: Resource;
  endpoint: Endpoint;
  config: Config;
  /** The components of the document: `jsonSchema` adds those that have a name. */
  schemas: Record<string, Schema>;
}

function operation(input: OperationInput): Operation {
  const { method, resource, endpoint } = input;
  const path = documentPath(resource.path);
  const requestBody = body(input);
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-z]+/g, "_").replace(/_$/, "")}`,
    tags: [resource.tag],
    summary: endpoint.summary,
    ...(endpoint.description && { description: endpoint.description }),
    security: endpoint.isPublic ? [] : Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    parameters: [...pathParameters(path), ...queryParameters(endpoint), ...headerParameters(endpoint)],
    ...(requestBody && { requestBody }),
    responses: responses(input),
    "x-codeSamples": codeSamples(method, path, endpoint),
  };
}

/** `/api/users/:id/` becomes `/api/users/{id}/`. */
function documentPath(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "integer", minimum: 1 },
  }));
}

function queryParameters({ query }: Endpoint): Parameter[] {
  if (!query) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: schema as Schema,
  }));
}

function headerParameters({ takesIdempotencyKey }: Endpoint): Parameter[] {
  if (!takesIdempotencyKey) return [];
  // Its length is said in words, since blanks at the ends of a header, which do not arrive, count in a schema.
  const description = `For a day, the same request with this key, of at most ${limits.idempotencyKey} characters, is carried out once, and gets the same response.`;
  return [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string", description } }];
}

function body({ endpoint, config, schemas }: OperationInput): Operation["requestBody"] {
  if (endpoint.requestContent) {
    const types = Object.entries(endpoint.requestContent).map(([type, schema]) => {
      const example = type === "application/json" && endpoint.example;
      return [type, { schema: jsonSchema(schema, "input", schemas), ...(example && { example }) }];
    });
    return { required: true, content: Object.fromEntries(types) };
  }
  const schema = bodySchema(endpoint, config);
  if (!schema) return undefined;
  const content = {
    schema: jsonSchema(schema, "input", schemas),
    ...(endpoint.example && { example: endpoint.example }),
  };
  const types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
  return {
    required: schema instanceof z.ZodObject && Object.values(schema.shape).some((field) => !field.isOptional()),
    content: Object.fromEntries(types.map((type) => [type, content])),
  };
}

function responses(input: OperationInput): Operation["responses"] {
  const { resource, endpoint, schemas } = input;
  const { status = 200, response, responseContent, errors = {} } = endpoint;
  const hasBody = endpoint.body || endpoint.requestContent;
  const descriptions: Record<number, string | undefined> = {
    ...((hasBody || endpoint.query) && {
      400: "invalid: `validation_errors` says what to change",
    }),
    ...(!endpoint.isPublic && { 401: "missing or invalid credentials" }),
    ...(resource.path.includes(":") && { 404: "no record with this id" }),
    ...(hasBody && { 413: "too large" }),
    ...(endpoint.takesIdempotencyKey && { 422: "another request had this Idempotency-Key" }),
    ...(endpoint.body && { 415: "neither JSON nor a form" }),
    ...errors,
    ...(endpoint.isRefusedToKeys && { 403: [errors[403], "a key can't do this"].filter(Boolean).join("; ") }),
  };
  const content = responseContent
    ? contents(responseContent, schemas)
    : response && json(jsonSchema(response, "output", schemas));
  const errorResponses = Object.entries(descriptions).map(([code, text = ""]) => [
    code,
    { description: sentence(text), content: json(errorSchema(endpoint.errorSchemas?.[Number(code)], schemas)) },
  ]);
  const success = { description: "Done.", ...(content && { content }) };
  return { [status]: success, ...Object.fromEntries(errorResponses) };
}

function contents(files: Record<string, z.ZodType>, schemas: Record<string, Schema>) {
  return Object.fromEntries(
    Object.entries(files).map(([type, file]) => [type, { schema: jsonSchema(file, "output", schemas) }]),
  );
}

function json(schema: Schema) {
  return { "application/json": { schema } };
}

function errorSchema(other: z.ZodType | undefined, schemas: Record<string, Schema>): Schema {
  const envelope = jsonSchema(errorRecord, "output", schemas);
  return other ? { anyOf: [envelope, jsonSchema(other, "output", schemas)] } : envelope;
}

/** Converts a zod schema; those that have a name are added to `schemas`, and referred to by `$ref`. */
function jsonSchema(schema: z.ZodType, io: "input" | "output", schemas: Record<string, Schema>): Schema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io })).replaceAll("#/$defs/", "#/components/schemas/");
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as Schema;
  Object.assign(schemas, $defs);
  return rest;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
