import createError from "http-errors";

import type { Context } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";

type Request = Pick<Context, "protocol" | "host" | "path" | "querystring" | "config">;

interface PageQuery {
  /** From 1; 0 for what is no page number. */
  page: number | "last";
  page_size: number;
}

/**
 * Returns the offset of a page and the addresses of the pages beside it, or throws a 404 with `message` if there is no
 * such page. `emptyPageAfterLast`: one page after the last exists, and is empty.
 */
export function paginate(
  ctx: Request,
  query: PageQuery,
  count: number,
  { message = "Invalid page.", emptyPageAfterLast = false } = {},
) {
  const { page_size } = query;
  const last = Math.max(1, Math.ceil(count / page_size));
  const page = query.page === "last" ? last : query.page;
  if (page < 1 || page > (emptyPageAfterLast ? last + 1 : last)) throw createError(404, message);
  return {
    count,
    next: page < last ? pageAddress(ctx, page + 1) : null,
    previous: page > 1 ? pageAddress(ctx, page - 1) : null,
    offset: (page - 1) * page_size,
    limit: page_size,
  };
}

/** The address of another page of the same list; the first page has no number. */
function pageAddress(ctx: Request, page: number): string {
  const query = new URLSearchParams(ctx.querystring);
  if (page === 1) query.delete("page");
  else query.set("page", String(page));
  query.sort();
  const address = baseUrl(ctx) + ctx.path;
  return query.size > 0 ? `${address}?${query.toString()}` : address;
}
