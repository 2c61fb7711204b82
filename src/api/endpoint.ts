import type { Readable } from "node:stream";

import type { ParameterizedContext } from "koa";
import type { z } from "zod";

import type { Config } from "../config/config.ts";
import type { AppContext, SignedIn, Visitor } from "../context.ts";

/** A file to be kept under this name, with its own media type; how many bytes it has, where that is known. */
export class FileAnswer {
  readonly type: string;
  readonly name: string;
  readonly content: Readable;
  readonly length: number | undefined;

  constructor(file: { type: string; name: string; content: Readable; length?: number | undefined }) {
    this.type = file.type;
    this.name = file.name;
    this.content = file.content;
    this.length = file.length;
  }
}

/** What an endpoint is given: what was sent, once it was found right. */
export interface Input<Body, Query> {
  /** The ids in the address; 0, which nothing has, for one that is not there. */
  params: { id: number; user_id: number; export_pk: number };
  body: Body;
  query: Query;
  /** The body as it came, where that was JSON: what is kept as it is, is copied from here. */
  text: string | undefined;
}

type Form<Body extends z.ZodType> = Body | ((config: Config) => Body);

interface Definition<State extends Visitor, Body extends z.ZodType, Query extends z.ZodType, Answer extends z.ZodType> {
  summary: string;
  description?: string;
  /** The call in Python, by the SDK where it has one. */
  python: string;
  query?: Query;
  /** Which of the query may come several times; the form is given lists of them. */
  lists?: string[];
  body?: Form<Body>;
  /** How large a body may be; 1 unless it is said. */
  megabytes?: number;
  /** A body to begin with. */
  example?: object;
  /** A body that the handler reads by itself, by its type: files, and what is too long to be held in memory. */
  reads?: Record<string, z.ZodType>;
  /** 200 unless it is said; 204 answers nothing. */
  status?: 201 | 204;
  answer?: Answer;
  /** What is in the file that it answers, by its type. */
  files?: Record<string, z.ZodType>;
  /** Statuses beside those that follow from what is above, and what they mean. */
  refusals?: Record<number, string>;
  /** The answers to these that are no envelope. */
  refusalRecords?: Record<number, z.ZodType>;
  /** Puts a validation's errors, by field, into another shape than the envelope. */
  refuse?: (errors: Record<string, string[]>) => unknown;
  handle(
    ctx: ParameterizedContext<State, AppContext>,
    input: Input<z.output<Body>, z.output<Query>>,
  ): Promise<z.input<Answer> | Readable | FileAnswer | void>;
}

/** One method of a resource: what it takes, what it answers, and the words that document it. */
export interface Endpoint extends Omit<Definition<Visitor, z.ZodType, z.ZodType, z.ZodType>, "handle"> {
  /** Whether anybody may ask. */
  isOpen: boolean;
  handle(ctx: ParameterizedContext<Visitor, AppContext>, input: Input<unknown, unknown>): Promise<unknown>;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type Method = (typeof methods)[number];

/** One address of the API. With a slash at its end it also answers without; the reverse does not hold. */
export interface Resource extends Partial<Record<Method, Endpoint>> {
  path: string;
  tag: string;
  /** The Allow header, as upstream gives it. */
  allow: string;
  /** What a 401 asks for in WWW-Authenticate, where that is not `Token`. */
  challenge?: string;
}

/** The endpoints of an address, by method. */
export function methodsOf(resource: Resource): [Method, Endpoint][] {
  return methods.flatMap((method) => {
    const endpoint = resource[method];
    return endpoint ? [[method, endpoint]] : [];
  });
}

/** An endpoint for members. */
export function endpoint<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(definition: Definition<SignedIn, Body, Query, Answer>): Endpoint {
  return { ...definition, isOpen: false };
}

/** An endpoint for everybody. */
export function openEndpoint<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Visitor, Body, Query, Answer>): Endpoint {
  return { ...definition, isOpen: true };
}

/** The form of an endpoint's body, where it depends on the configuration. */
export function bodyForm({ body }: Endpoint, config: Config): z.ZodType | undefined {
  return typeof body === "function" ? body(config) : body;
}
