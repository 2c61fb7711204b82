import { pythonFloat, pythonJson } from "../python-numbers.ts";
import type { ZipEntry } from "../zip.ts";
import type { FormatInput } from "./format-input.ts";
import { numberOf, toItems } from "./items.ts";
import type { ExportItem } from "./items.ts";
import { mediaFile } from "./media-file.ts";

/** The manifest of a speech corpus as NVIDIA NeMo reads it: a line of JSON for each annotation with a text. */
export async function* asrManifest(input: FormatInput): AsyncGenerator<ZipEntry> {
  yield { name: "audio/" };
  yield { name: "manifest.json", content: lines(input) };
}

async function* lines({ open, typeOf, dataKey }: FormatInput): AsyncGenerator<string> {
  for await (const task of open())
    for (const item of toItems(task, typeOf)) {
      const file = mediaFile(item.data[dataKey]);
      const transcript = transcriptOf(item);
      if (!file || transcript === undefined) continue;
      yield `${pythonJson({
        audio_filepath: JSON.stringify(`audio/${file.plainName}`),
        duration: durationOf(item),
        text: JSON.stringify(transcript),
        annotator: JSON.stringify(item.annotator),
      })}\n`;
    }
}

/** The first text of the first control that has texts. */
function transcriptOf({ outputs }: ExportItem): string | undefined {
  const text = outputs.find(([first]) => first && Object.hasOwn(first, "text"))?.[0]?.text;
  const first: unknown = Array.isArray(text) ? text[0] : text;
  return typeof first === "string" ? first : undefined;
}

/** In seconds, as the regions say it; null where they do not, since no recording is read. */
function durationOf({ outputs }: ExportItem): string {
  for (const region of outputs.flat()) {
    const length = numberOf(region, "original_length");
    if (length !== undefined) return pythonFloat(length);
  }
  return "null";
}
