import { load } from "cheerio";
import type { CheerioAPI } from "cheerio";

export type Page = CheerioAPI;

/** An answer as a page that can be asked for what a person sees on it. */
export function read(answer: { text: string }): Page {
  return load(answer.text);
}

/** What assistive technology says about a field: its errors and hints. */
export function describedBy(page: Page, field: string): string {
  return descriptionOf(page, `[name="${field}"]`);
}

/** The texts of the elements that `aria-describedby` of an element names. */
export function descriptionOf(page: Page, selector: string): string {
  const ids = (page(selector).attr("aria-describedby") ?? "").split(" ").filter(Boolean);
  return ids.map((id) => page(`[id="${id}"]`).text()).join(" ");
}

/** The text of an element as a person sees it, in one line. */
export function lineOf(element: { text: () => string }): string {
  return element.text().replaceAll(/\s+/g, " ").trim();
}

/** The texts of all elements that a selector matches, each in one line. */
export function linesOf(page: Page, selector: string): string[] {
  return page(selector)
    .toArray()
    .map((element) => lineOf(page(element)));
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
