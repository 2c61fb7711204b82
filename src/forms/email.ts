const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const letter = "[A-Za-z0-9\\u00a1-\\uffff]";
const label = `${letter}(?:[A-Za-z0-9\\u00a1-\\uffff-]{0,61}${letter})?`;
const host = `(?:${label}\\.)+(?!\\d+$)${label}|localhost|\\[\\d{1,3}(?:\\.\\d{1,3}){3}\\]`;

/** An email address as upstream takes it: a dotted name at a host with a dot, at localhost, or at an IPv4 address. */
export const emailPattern = new RegExp(`^${atom}(?:\\.${atom})*@(?:${host})$`);
