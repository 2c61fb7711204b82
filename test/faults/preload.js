// Loaded into a server before its own code. FAULT_MAX_PAGES fills SQLite's disk at so many pages; FAULT_CLOCK moves the clock of the
// process back and forth by so many milliseconds, every second.
import sqlite3 from "sqlite3";

const pages = process.env.FAULT_MAX_PAGES;
if (pages) {
  const exec = Reflect.get(sqlite3.Database.prototype, "exec");
  sqlite3.Database.prototype.exec = function (sql, ...rest) {
    return exec.call(this, `${sql}; PRAGMA max_page_count = ${pages};`, ...rest);
  };
}

const shift = Number(process.env.FAULT_CLOCK ?? 0);
if (shift) {
  const RealDate = Date;
  const now = () => RealDate.now() + (Math.floor(RealDate.now() / 1000) % 2 ? shift : -shift);
  globalThis.Date = class extends RealDate {
    constructor(...parameters) {
      super(...(parameters.length ? parameters : [now()]));
    }
    static now() {
      return now();
    }
  };
}
