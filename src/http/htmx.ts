import type { ParameterizedContext } from "koa";

type Request = Pick<ParameterizedContext, "get" | "set">;

/** Whether htmx asked, by fetch: it follows redirects unseen. */
export function isHtmxRequest(ctx: Request): boolean {
  return ctx.get("HX-Request") === "true";
}

/** The address of the page that htmx asked from. */
export function htmxCurrentUrl(ctx: Request): URL | undefined {
  const url = ctx.get("HX-Current-URL");
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Makes the browser go to another page, instead of swapping that page into this one. */
export function htmxRedirect(ctx: Request, url: string): void {
  ctx.set("HX-Redirect", url);
}

/** Shows an answer as the page's content, whatever piece was asked for. */
export function retargetToMain(ctx: Request): void {
  ctx.set({ "HX-Retarget": "main", "HX-Reselect": "main", "HX-Reswap": "outerHTML" });
}
