/** A landscape, for previews. */
export const picture =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 200'%3E" +
  "%3Crect width='320' height='200' fill='%23bcd9ee'/%3E%3Ccircle cx='250' cy='50' r='24' fill='%23f6c445'/%3E" +
  "%3Cpath d='M0 200 110 80l70 76 40-36 100 80z' fill='%234c7a5a'/%3E%3C/svg%3E";
