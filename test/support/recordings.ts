import { Readable } from "node:stream";

import type { Repositories } from "../../src/repositories/index.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";

/** A WAV file of a tone that gets louder: one channel, 16 bits. */
export function wav(seconds: number, rate = 8_000): Buffer {
  const samples = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(samples * 2, 40);
  for (let sample = 0; sample < samples; sample++) {
    const value = Math.sin((sample / rate) * 2 * Math.PI * 440) * (sample / samples);
    bytes.writeInt16LE(Math.round(value * 32_000), 44 + sample * 2);
  }
  return bytes;
}

/** Stores a file as if it were uploaded, and returns its address. */
export async function addUpload(
  { fileUploads, storedFiles }: Pick<Repositories, "fileUploads" | "storedFiles">,
  project: Pick<Project, "id">,
  name: string,
  content: Buffer,
): Promise<string> {
  const { id: stored } = await storedFiles.write(Readable.from([content]));
  await fileUploads.create(project.id, null, [{ file: name, stored, bytes: content.length }]);
  return `/data/upload/${project.id}/${name}`;
}
