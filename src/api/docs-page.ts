import type { OpenApiDocument, Operation, Schema } from "./openapi.ts";

/** A field of a body, a record or the query; `type_text` describes its type to a reader. */
interface Field {
  name: string;
  is_required: boolean;
  type_text: string;
}

/** Turns the OpenAPI document into what its page shows: calls by group, then the records that they respond with. */
export function docsPage(document: OpenApiDocument) {
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => call(method.toUpperCase(), path, operation, document)),
  );
  const bodies = new Set(calls.map(({ body_name }) => body_name));
  const records = Object.entries(document.components.schemas).filter(([name]) => !bodies.has(name));
  return {
    groups: document.tags.map(({ name }) => ({ name, calls: calls.filter(({ tag }) => tag === name) })),
    record_names: records.map(([name]) => name),
    records: records.map(([name, schema]) => ({ name, fields: fields(schema) })),
  };
}

function call(method: string, path: string, operation: Operation, { components }: OpenApiDocument) {
  const content = operation.requestBody?.content;
  const { schema } = content?.["application/json"] ?? content?.["multipart/form-data"] ?? {};
  const name = schema?.$ref?.split("/").at(-1);
  const body = name ? components.schemas[name] : schema;
  return {
    id: operation.operationId,
    tag: operation.tags[0],
    method,
    path,
    summary: operation.summary,
    description: operation.description,
    is_public: operation.security.length === 0,
    parameters: operation.parameters.map(({ name, required, schema }) => ({
      name,
      is_required: required,
      type_text: typeText(schema),
    })),
    body_name: name,
    body: body ? fields(body) : [],
    responses: Object.entries(operation.responses).map(([status, { description, content }]) => ({
      status,
      description,
      type_text: Number(status) < 300 && content ? contentText(content) : "",
    })),
    samples: operation["x-codeSamples"],
  };
}

/** Describes a response: its schema, or the media types of a file. */
function contentText(content: Record<string, { schema: Schema }>): string {
  const [json, ...others] = Object.keys(content);
  return others.length
    ? `a file: ${[json, ...others].join(", ")}`
    : typeText(content["application/json"]?.schema ?? {});
}

function fields({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    is_required: required.includes(name),
    type_text: typeText(schema as Schema),
  }));
}

function typeText(schema: Schema): string {
  const { description } = schema;
  const name = typeName(schema);
  return description ? `${name === "anything" ? "" : `${name}, `}${description}` : name;
}

function typeName(schema: Schema): string {
  const { $ref, anyOf, type, format, enum: choices, items, maxLength, minimum, maximum, properties } = schema;
  if ($ref) return $ref.split("/").at(-1) ?? "";
  if (anyOf?.some(({ format }) => format === "date-time")) return "moment in ISO 8601";
  if (anyOf) return anyOf.map((each) => typeName(each)).join(" or ");
  const types = [type ?? []].flat() as string[];
  const orNull = types.includes("null") ? " or null" : "";
  if (types.includes("boolean")) return `true or false${orNull}`;
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(", ");
  if (types.includes("integer")) {
    if (minimum === undefined || Math.abs(minimum) > 1e9) return "whole number";
    return `whole number from ${minimum}${maximum && maximum < 1e9 ? ` to ${maximum}` : ""}`;
  }
  if (format === "idn-email") return "email address";
  if (format === "date-time") return "moment in ISO 8601";
  if (format === "binary") return "file";
  if (types.includes("string")) return maxLength ? `text of at most ${maxLength} characters` : "text";
  if (types.includes("array")) return `list of ${typeName((items ?? {}) as Schema)}`;
  if (types.includes("null")) return "null";
  if (properties) return `object with ${Object.keys(properties).join(", ")}`;
  return types.includes("object") ? "object" : "anything";
}
