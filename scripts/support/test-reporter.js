// Tells the process that started this one about every test as it begins and ends: a line of JSON each, at file descriptor 3
// (a reporter of node:test). An IPC channel would keep the process alive as soon as a package listens to it.
import { writeSync } from "node:fs";

// oxlint-disable-next-line import/no-default-export -- a reporter is one.
export default async function* report(events) {
  for await (const { type, data } of events) {
    const isEnd = type === "test:pass" || type === "test:fail";
    if (!isEnd && type !== "test:dequeue") continue;
    const { name, file, nesting, skip, todo, details } = data;
    const counts = isEnd && details.type !== "suite" && skip === undefined && todo === undefined;
    tell({ type, name, file, nesting, counts });
  }
  tell({ type: "end" });
  yield "";
}

function tell(event) {
  writeSync(3, `${JSON.stringify(event)}\n`);
}
