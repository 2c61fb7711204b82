import type { Page } from "playwright-core";

type Point = [x: number, y: number];

/** Where a text of a page's spans begins and ends, in pixels of its window: the first place that reads so. */
export async function placesOfText(page: Page, words: string): Promise<{ start: Point; end: Point }> {
  // Also where regions or buttons cut the text.
  const places: unknown = await page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.querySelector("[data-spans]"), NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.parentElement.closest("[data-passage]") && !node.parentElement.closest(".span-label")) nodes.push(node);
    const text = nodes.map(({ data }) => data).join("");
    const at = text.indexOf(${JSON.stringify(words)});
    if (at < 0) throw new Error("Not on the page: " + ${JSON.stringify(words)} + " in " + text);
    const rectOf = (unit) => {
      let before = 0;
      const node = nodes.find(({ length }) => (before += length) > unit);
      const range = document.createRange();
      range.setStart(node, unit - (before - node.length));
      range.setEnd(node, unit - (before - node.length) + 1);
      return range.getBoundingClientRect();
    };
    rectOf(at).top < 0 || rectOf(at).bottom > innerHeight - 150 ? scrollBy(0, rectOf(at).top - 200) : undefined;
    const [first, last] = [rectOf(at), rectOf(at + ${words.length} - 1)];
    return { start: [first.left + 0.5, first.top + first.height / 2], end: [last.right - 0.5, last.top + last.height / 2] };
  })()`);
  return places as { start: Point; end: Point };
}

/** Selects a text with the mouse, from its first character to its last one. */
export async function selectText(page: Page, words: string): Promise<void> {
  const { start, end } = await placesOfText(page, words);
  await drag(page, start, end);
}

/** Presses the mouse at a place, and lets it go at another one. */
export async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await page.mouse.move(...to);
  await page.mouse.up();
}
