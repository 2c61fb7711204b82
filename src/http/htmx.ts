import type { ParameterizedContext } from "koa";

type Request = Pick<ParameterizedContext, "get" | "set">;

/** Whether htmx sent the request, by fetch: the browser then follows redirects without showing them. */
export function isHtmxRequest(ctx: Request): boolean {
  return ctx.get("HX-Request") === "true";
}

/** Returns the address of the page from which htmx sent the request. */
export function htmxCurrentUrl(ctx: Request): URL | undefined {
  const url = ctx.get("HX-Current-URL");
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Makes the browser navigate to another page, instead of swapping that page into this one. */
export function htmxRedirect(ctx: Request, url: string): void {
  ctx.set("HX-Redirect", url);
}

/** Shows the answer as the page's whole content, whichever element the request was to replace. */
export function retargetToMain(ctx: Request): void {
  ctx.set({ "HX-Retarget": "main", "HX-Reselect": "main", "HX-Reswap": "outerHTML" });
}
