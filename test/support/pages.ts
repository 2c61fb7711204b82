import { load } from "cheerio";
import type { CheerioAPI } from "cheerio";

export type Page = CheerioAPI;

/** An answer as a page that can be asked for what a person sees on it. */
export function read(answer: { text: string }): Page {
  return load(answer.text);
}

/** What assistive technology says about a field: its errors and hints, which `aria-describedby` names. */
export function describedBy(page: Page, field: string): string {
  const ids = (page(`[name="${field}"]`).attr("aria-describedby") ?? "").split(" ").filter(Boolean);
  return ids.map((id) => page(`[id="${id}"]`).text()).join(" ");
}

/** The descriptions of a `dl`, by their terms. */
export function descriptionList(page: Page): Record<string, string> {
  const terms = page("dl dt").toArray();
  return Object.fromEntries(terms.map((term) => [page(term).text(), page(term).next("dd").text().trim()]));
}

/** The emails of the people on a page of People, in their order. */
export function emailsOf(page: Page): string[] {
  return page("tbody tr")
    .toArray()
    .map((row) => {
      const texts = page(row).find(".person bdi").toArray();
      return page(texts.find((each) => page(each).text().includes("@"))).text();
    });
}
