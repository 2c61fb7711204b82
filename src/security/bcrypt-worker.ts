import { parentPort } from "node:worker_threads";

import bcrypt from "bcrypt";

import { lowerThreadPriority } from "../common/thread-priority.ts";
import type { BcryptRequest } from "./bcrypt.ts";

lowerThreadPriority();
parentPort?.on("message", (request: BcryptRequest) => {
  const { password } = request;
  parentPort?.postMessage(
    "cost" in request ? bcrypt.hashSync(password, request.cost) : bcrypt.compareSync(password, request.hash),
  );
});
