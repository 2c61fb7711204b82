// Fetches the Python packages of test:sdk and test:fuzz ahead of them. It needs nothing from node_modules.
import { makeVenv } from "./support/venv.js";

await Promise.all(["sdk", "fuzz"].map((name) => makeVenv(name)));
