import net from "node:net";

/** Answers as PostgreSQL does that lets everybody in, and each query with one text. */
export function createFakePostgres(text: string): net.Server {
  const server = net.createServer((socket) => {
    let isStarted = false;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      if (isStarted && data.toString("latin1", 0, 1) !== "Q") return;
      socket.write(Buffer.concat(isStarted ? answer(text) : [message("R", int32(0)), ready]));
      isStarted = true;
    });
  });
  return server;
}

/** RowDescription, DataRow, CommandComplete, ReadyForQuery. Source: PostgreSQL's documentation, 54.7 Message Formats. */
function answer(text: string): Buffer[] {
  const column = Buffer.concat([
    Buffer.from("version\0"),
    int32(0),
    int16(0),
    int32(25),
    int16(-1),
    int32(-1),
    int16(0),
  ]);
  return [
    message("T", Buffer.concat([int16(1), column])),
    message("D", Buffer.concat([int16(1), int32(text.length), Buffer.from(text)])),
    message("C", Buffer.from("SELECT 1\0")),
    ready,
  ];
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

const ready = message("Z", Buffer.from("I"));
