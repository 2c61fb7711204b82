import assert from "node:assert/strict";
import { test } from "node:test";

import { mediaFile } from "../../src/exports/formats/media-file.ts";
import { tokenGroups } from "../../src/exports/formats/treebank-tokenizer.ts";
import { writeExport } from "../../src/exports/write-export.ts";
import { fitsFormat } from "../../src/label-config/fitting-formats.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import type { ExportedTask } from "../../src/presenters/exported-task.ts";
import type { ExportFormat } from "../../src/repositories/jobs/export-conversions.ts";
import { unzip } from "../support/unzip.ts";
import { task } from "./export.ts";

const image = '<Image name="image" value="$image"/>';
const boxes = `<RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Dog"/></RectangleLabels>`;
const boxConfig = `<View>${image}${boxes}</View>`;

const size = { original_width: 4, original_height: 2 };

function box(labels: string[], fields: object = {}) {
  const value = { x: 10, y: 20, width: 25, height: 50, rotation: 0, rectanglelabels: labels, ...fields };
  return { id: "r1", from_name: "box", to_name: "image", type: "rectanglelabels", value, ...size };
}

const upload = { image: "/data/upload/1/b1160eec-car_one.png" };
const twoBoxes = task(1, upload, { result: [box(["Car"]), box(["Dog"], { x: 50 })] });

async function write(format: ExportFormat, config: string, tasks: ExportedTask[]): Promise<Buffer> {
  async function* open() {
    yield tasks;
  }
  const chunks = [];
  for await (const chunk of writeExport(format, open, parseLabelConfig(config).parsed_label_config))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function files(format: ExportFormat, tasks: ExportedTask[], config = boxConfig): Promise<Record<string, string>> {
  const zip = await write(format, config, tasks);
  return Object.fromEntries([...unzip(zip)].map(([name, content]) => [name, content.toString()]));
}

test("formats: YOLO is as it was recorded", async () => {
  const { "notes.json": notes = "", ...others } = await files("YOLO", [twoBoxes]);

  assert.deepEqual(others, {
    "images/": "",
    "labels/": "",
    "labels/b1160eec-car_one.txt": "0 0.225 0.45 0.25 0.5\n1 0.625 0.45 0.25 0.5\n",
    "classes.txt": "Car\nDog\n",
  });
  const { categories, info } = JSON.parse(notes);
  assert.deepEqual(categories, [
    { id: 0, name: "Car" },
    { id: 1, name: "Dog" },
  ]);
  assert.equal(info.contributor, "Label Studio");
});

test("formats: YOLO OBB has the corners of a box, turned ones in the proportions of the image", async () => {
  const turned = task(2, { image: "s3://bucket/k/c.png" }, { result: [box(["Car"], { rotation: 90 })] });

  const out = await files("YOLO_OBB", [twoBoxes, turned]);

  assert.equal(
    out["labels/b1160eec-car_one.txt"],
    "0 0.1 0.2 0.35 0.2 0.35 0.7 0.1 0.7\n1 0.5 0.2 0.75 0.2 0.75 0.7 0.5 0.7\n",
  );
  const numbers = out["labels/c.txt"]?.split(" ").map((number) => Number(Number(number).toFixed(6)));
  assert.deepEqual(numbers, [0, 0.1, 0.2, 0.1, 0.7, -0.15, 0.7, -0.15, 0.2]);
});

test("formats: COCO is as it was recorded, with outlines and with images that nobody labeled", async () => {
  const polygon = {
    from_name: "outline",
    type: "polygonlabels",
    value: { points: [[10, 10], [50, 10], [50, 90]], polygonlabels: ["Tree"] }, // prettier-ignore
    ...size,
  };
  const config = `<View>${image}${boxes}<PolygonLabels name="outline" toName="image"><Label value="Tree"/></PolygonLabels></View>`;
  const tasks = [
    twoBoxes,
    task(2, { image: "https://example.com/a/b.jpg?x=1" }, { id: 2, result: [polygon] }),
    task(3, upload),
  ];

  const result = JSON.parse((await files("COCO", tasks, config))["result.json"] ?? "");

  assert.deepEqual(result.images, [
    { width: 4, height: 2, id: 0, file_name: "images/b1160eec-car_one.png" },
    { width: 4, height: 2, id: 1, file_name: "images/08e77844__b.jpg" },
    { width: null, height: null, id: 2, file_name: "images/b1160eec-car_one.png" },
  ]);
  const names = result.categories.map(({ name }: { name: string }) => name);
  assert.deepEqual(names, ["Car", "Dog", "Tree"]);
  const plain = { ignore: 0, iscrowd: 0 };
  assert.deepEqual(result.annotations, [
    { id: 0, image_id: 0, category_id: 0, segmentation: [], bbox: [0.4, 0.4, 1, 1], ...plain, area: 1 },
    { id: 1, image_id: 0, category_id: 1, segmentation: [], bbox: [2, 0.4, 1, 1], ...plain, area: 1 },
    {
      id: 2,
      image_id: 1,
      category_id: 2,
      segmentation: [[0.4, 0.2, 2, 0.2, 2, 1.8]],
      bbox: [0.4, 0.2, 1.6, 1.6],
      ...plain,
      area: 1.28,
    },
  ]);
});

test("formats: what changes while COCO is written never puts a box on another image", async () => {
  const first = task(1, upload, { id: 1, result: [box(["Car"])] });
  const second = task(2, { image: "s3://b/2.png" }, { id: 2, result: [box(["Dog"])] });
  let readings = 0;
  async function* open() {
    yield ++readings === 1
      ? [first, second]
      : [second, task(3, { image: "s3://b/3.png" }, { id: 3, result: [box(["Car"])] })];
  }
  const chunks = [];
  for await (const chunk of writeExport("COCO", open, parseLabelConfig(boxConfig).parsed_label_config))
    chunks.push(Buffer.from(chunk));

  const { images, annotations } = JSON.parse(String(unzip(Buffer.concat(chunks)).get("result.json")));

  assert.equal(images.length, 2);
  assert.deepEqual(
    annotations.map(({ image_id, category_id }: Record<string, number>) => [image_id, category_id]),
    [[1, 1]],
  );
});

test("formats: Pascal VOC is as it was recorded, and escapes what XML can't hold", async () => {
  const out = await files("VOC", [twoBoxes, task(2, { image: "s3://b/<k>.png" }, { result: [box(["A & B\u0001"])] })]);

  const xml = out["Annotations/b1160eec-car_one.xml"] ?? "";
  assert.ok(xml.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<annotation>\n<folder>images</folder>\n'), xml);
  assert.match(xml, /<filename>b1160eec-car_one.png<\/filename>/);
  assert.match(xml, /<annotator>1<\/annotator>/);
  assert.match(xml, /<size>\n<width>4<\/width>\n<height>2<\/height>\n<depth>3<\/depth>\n<\/size>/);
  const bounds = [...xml.matchAll(/<(?:xmin|ymin|xmax|ymax)>(\d+)</g)].map(([, number]) => Number(number));
  assert.deepEqual(bounds, [0, 0, 1, 1, 2, 0, 3, 1]);
  assert.match(out["Annotations/<k>.xml"] ?? "", /<filename>&lt;k&gt;.png<[^]*<name>A &amp; B<\/name>/);
});

test("formats: of several annotations of an image the earliest one has the file, and a skip none", async () => {
  const shared = task(
    1,
    upload,
    { id: 1, created_at: "2026-01-01T00:00:00Z", result: [box(["Dog"])] },
    { id: 2, created_at: "2026-01-02T00:00:00Z", result: [box(["Car"])] },
    { id: 3, created_at: "2026-01-03T00:00:00Z", result: [], was_cancelled: true },
  );
  const bare = task(2, { image: "s3://b/bare.png" });

  const yolo = await files("YOLO", [shared, bare]);

  assert.equal(yolo["labels/b1160eec-car_one.txt"], "1 0.225 0.45 0.25 0.5\n");
  assert.equal(yolo["labels/bare.txt"], "");
});

test("formats: keypoints stand behind the box that they belong to, and are one thing in COCO", async () => {
  const config = `<View>${image}${boxes}<KeyPointLabels name="point" toName="image">
    <Label value="nose" model_index="1"/><Label value="eye" model_index="0"/></KeyPointLabels></View>`;
  const nose = { x: 50, y: 50, width: 1, keypointlabels: ["nose"] };
  const point = { id: "p", parentID: "r1", from_name: "point", type: "keypointlabels", value: nose, ...size };
  const tasks = [task(1, upload, { result: [box(["Dog"]), point] })];

  const yolo = await files("YOLO", tasks, config);
  const coco = JSON.parse((await files("COCO", tasks, config))["result.json"] ?? "");

  assert.equal(yolo["labels/b1160eec-car_one.txt"], "1 0.225 0.45 0.25 0.5 0.0 0.0 0 0.5 0.5 2");
  assert.deepEqual(coco.annotations[1].keypoints, [0, 0, 0, 2, 1, 2]);
  assert.equal(coco.annotations[1].num_keypoints, 1);
  assert.deepEqual(coco.categories.at(-1).keypoints, ["nose", "eye"]);
});

test("formats: regions that have no place, and tasks without an address, are left out", async () => {
  const odd = [
    box(["Car"], { x: "left" }),
    box(["Car"], { width: null }),
    box([]),
    { from_name: "box", value: null },
    { from_name: "box", value: { rectanglelabels: "Car", x: 1, y: 1, width: 1, height: 1 } },
    { from_name: "other", value: {} },
    box(["Car"], { rotation: "much" }),
  ];
  const tasks = [
    task(1, upload, { result: odd }),
    task(2, { image: 7 }, { id: 2, result: [box(["Car"])] }),
    task(3, {}),
  ];

  const yolo = await files("YOLO", tasks);
  const coco = JSON.parse((await files("COCO", tasks))["result.json"] ?? "");

  assert.deepEqual(
    Object.keys(yolo).filter((name) => /^labels\/./.test(name)),
    ["labels/b1160eec-car_one.txt"],
  );
  assert.equal(yolo["labels/b1160eec-car_one.txt"], "0 0.225 0.45 0.25 0.5\n");
  assert.equal(coco.annotations.length, 1);
  assert.equal((await files("VOC", tasks))["Annotations/b1160eec-car_one.xml"]?.match(/<object>/g)?.length, 1);
});

test("formats: names of files never lead out of their folder", () => {
  for (const address of [
    "s3://b/..\\..\\evil",
    "/data/upload/1/../..",
    "/data/local-files/?d=a/../../etc",
    "https://x/..",
    "a\\b",
  ]) {
    const { stem = "", name = "" } = mediaFile(address) ?? {};
    assert.ok(!/[/\\]/.test(stem + name), address);
    assert.notEqual(`${stem}.txt`, "..");
  }
  assert.equal(mediaFile(`https://example.com/${"é".repeat(400)}.png`)?.stem.length, 251);
  assert.equal(mediaFile("/data/local-files/?d=imgs/a.png")?.name, "a.png");
  assert.equal(mediaFile("/storage-data/uploaded/?filepath=upload/1/x.png")?.name, "x.png");
  assert.equal(mediaFile(["s3://b/1.png", "s3://b/2.png", 3])?.name, "2.png");
});

const textConfig = `<View><Text name="text" value="$text"/><Labels name="ner" toName="text"><Label value="PER"/><Label value="ORG"/></Labels></View>`;

function span(start: number, end: number, label: string) {
  return { from_name: "ner", to_name: "text", type: "labels", value: { start, end, labels: [label] } };
}

test("formats: CONLL2003 is as it was recorded, and counts code points", async () => {
  const conll = async (text: string, ...result: object[]) =>
    (await write("CONLL2003", textConfig, [task(1, { text }, { result })])).toString();

  assert.equal(
    await conll("Bob works at Acme Inc", span(13, 21, "ORG"), span(0, 3, "PER")),
    "-DOCSTART- -X- O\nBob -X- _ B-PER\nworks -X- _ O\nat -X- _ O\nAcme -X- _ B-ORG\nInc -X- _ I-ORG\n\n",
  );
  assert.match(await conll("👩‍🚀 Ada left", span(4, 7, "PER")), /Ada -X- _ B-PER\nleft -X- _ O/);
  assert.match(await conll("Ada left", span(0, 3, "PER"), { from_name: "ner", value: {} }), /Ada -X- _ O/);
});

function tokenize(text: string) {
  return [...tokenGroups(text)].flat();
}

test("formats: a long text is cut into words in pieces, with the same words", () => {
  const sentence = `They'll say "can't" (maybe 👩, or 'so') at 10:30, 'tis gonna cost $5... `;
  const short = tokenize(sentence.repeat(2)).map(({ token }) => token);
  const pieces = [...tokenGroups(sentence.repeat(2000))];

  assert.ok(pieces.length > 4, String(pieces.length));
  const long = pieces.flat();
  const half = short.length / 2;
  for (const [at, { token }] of long.slice(0, -half).entries()) assert.equal(token, short[at % half]);
  const text = [...sentence.repeat(2000)];
  for (const { token, start, end } of long) assert.equal(text.slice(start, end).join(""), token);
  assert.ok(tokenize("a".repeat(100_000)).length > 0);
});

test("formats: texts are cut into words as the Penn Treebank does it", () => {
  const words = (text: string) => tokenize(text).map(({ token }) => token).join("|"); // prettier-ignore

  assert.equal(words("They'll can't go (to New York)."), "They|'ll|ca|n't|go|(|to|New|York|)|.");
  assert.equal(words('He said "it\'s $3.88", at 10:30.'), 'He|said|"|it|\'s|$|3.88|"|,|at|10:30|.');
  assert.equal(words("cannot gonna d'ye 'tis"), "can|not|gon|na|d|'ye|'t|is");
  assert.equal(words(" \n "), "");
  assert.deepEqual(tokenize("é 😀x"), [
    { token: "é", start: 0, end: 1 },
    { token: "😀x", start: 2, end: 4 },
  ]);
});

test("formats: an ASR manifest has a line for each transcribed recording", async () => {
  const config = `<View><Audio name="audio" value="$audio"/><TextArea name="words" toName="audio"/></View>`;
  const words = { from_name: "words", type: "textarea", value: { text: ["héllo", "again"] }, original_length: 2 };
  const at = (address: string, ...result: object[]) => task(1, { audio: address }, { result });
  const tasks = [
    at("/data/upload/1/22be5089-s.wav", words),
    at("https://example.com/a.mp3?x=1", { ...words, original_length: undefined }),
    at("https://example.com/b.mp3"),
  ];

  const { "manifest.json": manifest } = await files("ASR_MANIFEST", tasks, config);

  assert.equal(
    manifest,
    '{"audio_filepath": "audio/22be5089-s.wav", "duration": 2.0, "text": "h\\u00e9llo", "annotator": "1"}\n' +
      '{"audio_filepath": "audio/a.mp3", "duration": null, "text": "h\\u00e9llo", "annotator": "1"}\n',
  );
});

const fitting: Record<string, [config: string, formats: string[]]> = {
  "choices of a text": [`<Text name="o" value="$o"/><Choices name="c" toName="o"><Choice value="a"/></Choices>`, []],
  "labels of a text": [
    `<Text name="o" value="$o"/><Labels name="c" toName="o"><Label value="a"/></Labels>`,
    ["CONLL2003"],
  ],
  "labels of a text behind an address": [
    `<Text name="o" value="$o" valueType="url"/><Labels name="c" toName="o"><Label value="a"/></Labels>`,
    [],
  ],
  boxes: [
    `<Image name="o" value="$o"/><RectangleLabels name="c" toName="o"><Label value="a"/></RectangleLabels>`,
    ["COCO", "VOC", "YOLO", "YOLO_OBB"],
  ],
  "boxes with labels beside them": [
    `<Image name="o" value="$o"/><Rectangle name="c" toName="o"/><Labels name="d" toName="o"><Label value="a"/></Labels>`,
    ["COCO", "VOC", "YOLO", "YOLO_OBB"],
  ],
  outlines: [
    `<Image name="o" value="$o"/><PolygonLabels name="c" toName="o"><Label value="a"/></PolygonLabels>`,
    ["COCO", "YOLO", "YOLO_OBB"],
  ],
  keypoints: [
    `<Image name="o" value="$o"/><KeyPointLabels name="c" toName="o"><Label value="a"/></KeyPointLabels>`,
    ["YOLO_OBB"],
  ],
  transcripts: [`<Audio name="o" value="$o"/><TextArea name="c" toName="o"/>`, ["ASR_MANIFEST"]],
  "boxes in one of two images": [
    `<Image name="o" value="$o"/><Image name="p" value="$p"/><RectangleLabels name="c" toName="o"><Label value="a"/></RectangleLabels><Choices name="d" toName="p"><Choice value="a"/></Choices>`,
    [],
  ],
  "boxes in a list of images": [
    `<Image name="o" valueList="$o"/><RectangleLabels name="c" toName="o"><Label value="a"/></RectangleLabels>`,
    [],
  ],
};

for (const [what, [config, formats]] of Object.entries(fitting))
  test(`formats: ${what} can be written as ${formats.join(", ") || "what fits all"}, as it was recorded`, () => {
    const { parsed_label_config } = parseLabelConfig(`<View>${config}</View>`);
    const all = ["JSON", "CONLL2003", "COCO", "VOC", "YOLO", "YOLO_OBB", "ASR_MANIFEST"];
    assert.deepEqual(all.filter((format) => fitsFormat(format, parsed_label_config)), ["JSON", ...formats]); // prettier-ignore
  });
