/**
 * Converts the Markdown that instructions use (headings, paragraphs, lists, quotes, code, rules, bold, italics, links) to HTML, which
 * has to be sanitized: HTML within it stays, as in Label Studio.
 */
export function markdownToHtml(markdown: string): string {
  const lines = dedented(markdown.replaceAll(/\r\n?/g, "\n").trimEnd().replace(/^\n+/, ""));
  return blocksOf(lines, 0).join("\n");
}

/** Within tags, text is often indented with them. */
function dedented(text: string): string[] {
  const lines = text.split("\n");
  const [indent = ""] = /^[ \t]*/.exec(lines.find((line) => line.trim()) ?? "") ?? [];
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
}

/** Quotes within quotes that are read as such. */
const deepestQuote = 8;

function blocksOf(lines: string[], depth: number): string[] {
  const blocks: string[] = [];
  let at = 0;
  /** The lines from here on that are like the first. */
  const take = (isLike: (line: string) => boolean) => {
    const start = at;
    while (at < lines.length && isLike(lines[at] ?? "")) at++;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+/.exec(line);
    if (!line.trim()) at++;
    else if (line.startsWith("```")) {
      at++;
      const code = take((each) => !each.startsWith("```"));
      at++;
      blocks.push(`<pre><code>${escapeHtml(code.join("\n"))}</code></pre>`);
    } else if (heading) {
      at++;
      const level = heading[1]?.length ?? 1;
      blocks.push(`<h${level}>${inline(line.slice(heading[0].length).trimEnd())}</h${level}>`);
    } else if (/^([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)) {
      at++;
      blocks.push("<hr>");
    } else if (line.startsWith(">") && depth < deepestQuote) {
      const quoted = take((each) => each.startsWith(">")).map((each) => each.replace(/^> ?/, ""));
      blocks.push(`<blockquote>${blocksOf(quoted, depth + 1).join("")}</blockquote>`);
    } else if (bullet.test(line)) blocks.push(listOf("ul", take(isItemOf(bullet)), bullet));
    else if (numbered.test(line)) blocks.push(listOf("ol", take(isItemOf(numbered)), numbered));
    else {
      at++;
      blocks.push(`<p>${inline([line, ...take(isText)].join("\n"))}</p>`);
    }
  }
  return blocks;
}

const bullet = /^[-*+]\s+/;
const numbered = /^\d{1,9}[.)]\s+/;

/** An item, or an indented line that goes on with it. */
function isItemOf(marker: RegExp) {
  return (line: string) => marker.test(line) || /^\s+\S/.test(line);
}

function isText(line: string): boolean {
  return Boolean(line.trim()) && ![/^#{1,6}\s/, /^```/, /^>/, bullet, numbered].some((start) => start.test(line));
}

function listOf(tag: "ul" | "ol", lines: string[], marker: RegExp): string {
  const items: string[] = [];
  for (const line of lines) {
    if (marker.test(line)) items.push(line.replace(marker, ""));
    else items.push(`${items.pop() ?? ""}\n${line.trim()}`);
  }
  return `<${tag}>${items.map((item) => `<li>${inline(item)}</li>`).join("")}</${tag}>`;
}

function inline(text: string): string {
  // Code comes first: nothing in it is formatted.
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : formatted(part)))
    .join("");
}

function formatted(text: string): string {
  return text
    .replaceAll(
      /!\[([^[\]\n]*)\]\(([^()\s]+)\)/g,
      (_, alt: string, src: string) => `<img src="${escapeHtml(src)}" alt="${escapeHtml(alt)}">`,
    ) // prettier-ignore
    .replaceAll(
      /\[([^[\]\n]+)\]\(([^()\s]+)\)/g,
      (_, words: string, href: string) => `<a href="${escapeHtml(href)}">${words}</a>`,
    ) // prettier-ignore
    .replaceAll(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
    .replaceAll(/(?<![\p{L}\p{N}_])__([^_\n]+)__(?![\p{L}\p{N}_])/gu, "<strong>$1</strong>")
    .replaceAll(/\*([^*\s][^*\n]*)\*/g, "<em>$1</em>")
    .replaceAll(/(?<![\p{L}\p{N}_])_([^_\s][^_\n]*)_(?![\p{L}\p{N}_])/gu, "<em>$1</em>")
    .replaceAll(/~~([^~\n]+)~~/g, "<del>$1</del>");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
