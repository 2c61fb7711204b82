// Shows moments in the reader's own time zone; the server writes them in UTC.
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function dayOf(date) {
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  const month = date.toLocaleDateString("en-GB", { month: "short" }).slice(0, 3);
  return `${date.getDate()} ${month}${isThisYear ? "" : ` ${date.getFullYear()}`}`;
}

function localize() {
  for (const time of document.querySelectorAll("time[datetime]:not([data-is-local])")) {
    const date = new Date(time.dateTime);
    time.title = exact.format(date);
    if ("day" in time.dataset) time.textContent = dayOf(date);
    if ("moment" in time.dataset) time.textContent = `${dayOf(date)}, ${clock.format(date)}`;
    time.dataset.isLocal = "";
  }
}
localize();
document.addEventListener("htmx:after:swap", localize);
