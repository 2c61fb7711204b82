/** The label config that the answers belong to. */
export const pageSetup =
  '<View><Text name="text" value="$text"/><Choices name="topic" toName="text"><Choice value="Praise"/></Choices>' +
  '<TextArea name="why" toName="text"/></View>';

const password = "wide open meadow";
const settings = {
  title: "Reviews",
  description: "",
  label_config: pageSetup,
  expert_instruction: "",
  maximum_annotations: "1",
};
const answer = { "answer.topic": "Praise", "answer.why": "because", started: "2026-01-01T00:00:00.000Z" };
const person = { first_name: "Ann", last_name: "Lee", phone: "1", allow_newsletters: "true" };

/** Valid fields of the pages' forms, but for current passwords, which are wrong. */
export const pageForms: Record<string, Record<string, string>> = {
  "/user/login": { email: "nobody@example.com", password, persist_session: "on", next: "/projects/" },
  "/user/forgot-password": { email: "nobody@example.com" },
  "/user/set-password": { new_password: password, end_tokens: "on" },
  "/user/signup": { email: "new@example.com", password, allow_newsletters: "on" },
  "/": { name: "Ann Lee" },
  "/projects": { template: "xml", ...settings },
  "/projects/:id/settings": settings,
  "/projects/:id/filters/new": { title: "Long ones" },
  "/projects/:id/filters/:view_id": { title: "Long ones" },
  "/projects/:id/delete": { typed_title: "another" },
  "/projects/:id/tasks/:task_id/label": answer,
  "/projects/:id/tasks/:task_id/skip": answer,
  "/projects/:id/tasks/:task_id/draft": answer,
  "/projects/:id/tasks/:task_id/regions": { ...answer, "region.do": "undo" },
  "/people/:id/data/delete": { current_password: "a wrong meadow" },
  "/user/account/data/delete": { current_password: "a wrong meadow" },
  "/people/:id/make-owner": { current_password: "a wrong meadow" },
  "/user/account/email": { email: "another@example.com", current_password: "a wrong meadow" },
  "/people/:id/email": { email: "another@example.com", current_password: "a wrong meadow" },
  "/user/account/email-preferences": { allow_newsletters: "on" },
  "/people/invite/links": { note: "spring", only_for: "", days: "7", uses: "1" },
  "/organization/general": { title: "Harbor Research" },
  "/user/account/personal-access-token": { name: "script" },
  "/user/account/keys": { name: "script", days: "90", is_read_only: "true" },
  "/user/account/two-factor": { code: "000000", sealed: "x", current_password: "a wrong meadow" },
  "/user/account/two-factor/delete": { current_password: "a wrong meadow" },
  "/user/account/two-factor/recovery-codes": { current_password: "a wrong meadow" },
  "/user/account/two-factor/recovery-codes/file": { codes: "4f7k-92mq-x8vd-1tzn-q2rc-77p0" },
  "/user/login/code": { code: "000000" },
  "/user/account/password": { current_password: "a wrong meadow", new_password: "another meadow" },
  "/user/account/sessions/delete": { current_password: "a wrong meadow", session: "1" },
  "/organization/access": {
    api_tokens_enabled: "on",
    legacy_api_tokens_enabled: "on",
    api_token_ttl_days: "365",
  },
  "/user/account": person,
  "/user/account/personal-info": person,
};
