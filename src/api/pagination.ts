import createError from "http-errors";

import type { Context } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";

type Request = Pick<Context, "protocol" | "host" | "path" | "querystring" | "config">;

interface PageQuery {
  /** From 1. */
  page: number | "last";
  page_size: number;
}

/** A page of a list by its number: where it begins, and the addresses of those beside it. 404 where there is none. */
export function pageOf(ctx: Request, query: PageQuery, count: number, noPage = "Invalid page.") {
  const { page_size } = query;
  const last = Math.max(1, Math.ceil(count / page_size));
  const page = query.page === "last" ? last : query.page;
  if (page < 1 || page > last) throw createError(404, noPage);
  return {
    count,
    next: page < last ? pageAddress(ctx, page + 1) : null,
    previous: page > 1 ? pageAddress(ctx, page - 1) : null,
    offset: (page - 1) * page_size,
    limit: page_size,
  };
}

/** The address of another page of the same list; the first one has no number. */
export function pageAddress(ctx: Request, page: number): string {
  const query = new URLSearchParams(ctx.querystring);
  if (page === 1) query.delete("page");
  else query.set("page", String(page));
  query.sort();
  const address = baseUrl(ctx) + ctx.path;
  return query.size > 0 ? `${address}?${query.toString()}` : address;
}
