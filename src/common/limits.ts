/**
 * Limits of what people and programs may send, far above what real data needs. They are checked before any work is done with
 * what came, and whoever exceeds one is told which; docs/limits.md lists them for people.
 */
export const limits = Object.freeze({
  /** Megabytes of a body of the API, unless another limit is said of it. */
  bodyMegabytes: 1,
  /** Megabytes of a body of the API with a label config. */
  labelConfigMegabytes: 2,
  /** Megabytes of a body of the API with a list of predictions. */
  predictionsMegabytes: 20,
  /** Megabytes of a body of the API with a task, an annotation, a draft or a prediction. */
  recordMegabytes: 16,
  /** Kilobytes of a form of a page. */
  formKilobytes: 64,
  /** Megabytes of a form of a page below /projects/, where label configs and answers are sent. */
  projectFormMegabytes: 4,
  /** Megabytes of all files of an import together. */
  importMegabytes: 200,
  /** Files of an import. */
  importFiles: 100,
  /** Megabytes of one task in a file, as characters: it is in memory as a whole. */
  importedTaskMegabytes: 16,
  /** Megabytes of the files of all series on a page, which is drawn while others wait. */
  seriesMegabytes: 2,
  /** Kilobytes at the start of a picture in which its size is looked for. */
  pictureKilobytes: 1024,
  /** Megabytes of a recording whose wave browsers draw, which read it as a whole. */
  waveMegabytes: 64,
  /** Files that a storage of local files makes tasks of. */
  storageFiles: 100_000,
  /** Characters of the path of a storage of local files, and of its regular expression. */
  storagePath: 1_000,
  /** After so many errors an import reads no more. */
  importErrors: 10_000,
  /** Objects and lists inside each other in JSON that the API receives, the outermost included. */
  jsonDepth: 100,
  /** The same in a task of a file: an export puts three levels around the result of an annotation. */
  importedJsonDepth: 103,
  /** Fields of a task's data, and so columns of a CSV or TSV file. */
  taskFields: 10_000,
  /** Characters of the name of a column. */
  columnName: 1_000,
  /** Characters of the first line of a CSV or TSV file, which names the columns. */
  columnNames: 256_000,
  /** Model versions that a project's predictions are counted by. */
  countedVersions: 1_000,
  /** Entries of the result of an annotation, a draft or a prediction. */
  resultEntries: 100_000,
  /** Characters of a result whose regions the label page can change: it travels with the form at each click. */
  regionCharacters: 400_000,
  /** Characters of the HTML in which the label page marks spans: it is parsed and sanitized in one turn. */
  markedHtml: 200_000,
  /** Corners of a polygon that a script has drawn. */
  polygonCorners: 10_000,
  /** Characters of the name of a tag in a label config, and of `id`, `from_name`, `to_name` and `type` in a result. */
  controlName: 1_000,
  /** Annotations of a task in a file; predictions as many again. */
  taskAnnotations: 10_000,
  /** Characters of a label config. */
  labelConfigLength: 500_000,
  /** Tags of a label config. */
  labelConfigTags: 10_000,
  /** Tags inside each other, as in Label Studio's parser. */
  labelConfigDepth: 256,
  /** Attributes of a tag. */
  tagAttributes: 100,
  /** Tags of a label config that ask for an answer. */
  controls: 1_000,
  /** Names that Repeaters of a label config give to their counters (`indexFlag`). */
  repeaters: 100,
  /** Tags that Repeaters of a label config may make for a task. */
  repeatedTags: 5_000,
  /** Custom hotkeys of a person. */
  hotkeys: 200,
  /** Active keys of a person. */
  apiKeys: 100,
  /** Characters of an email address. */
  email: 254,
  /** Characters of a person's first name, last name, username or phone number. */
  personName: 256,
  /** Characters of a project's title. */
  projectTitle: 50,
  /** Characters of a project's description, and of its instructions. */
  longText: 100_000,
  /** Characters of the organization's name. */
  organizationName: 1_000,
  /** Domains of the emails with which people may sign up. */
  signupDomains: 50,
  /** Characters of a domain of emails. */
  domain: 253,
  /** Characters of the note of an invitation. */
  invitationNote: 200,
  /** Days after which an invitation expires. */
  invitationDays: 3_650,
  /** People who may join by an invitation with a number of uses. */
  invitationUses: 100_000,
  /** Filters of a query for tasks. */
  taskFilters: 50,
  /** Child filters inside each other, and names that lead to a field of the data (`data.a__b`). */
  filterDepth: 8,
  /** Values of all filters of a query together. */
  filterValues: 2_000,
  /** Characters of a text that a filter compares. */
  filterText: 10_000,
  /** Characters of a text that a filter searches for, and of a regular expression. */
  filterSearch: 1_000,
  /** Characters of a text in which a regular expression is looked for. */
  matchedText: 5_000,
  /** Instructions of a regular expression, which grow with what it repeats. */
  patternSize: 2_000,
  /** Seconds that a regular expression may take in all tasks of a project. */
  matchingSeconds: 20,
  /** Characters of a field by which tasks are ordered. */
  orderedText: 100,
  /** Characters of a saved view, as JSON. */
  viewCharacters: 100_000,
  /** Saved views of a project. */
  views: 1_000,
  /** Characters of the title of a snapshot. */
  snapshotTitle: 2_048,
  /** Model versions whose predictions an action makes annotations of: a statement has a parameter for each. */
  modelVersions: 1_000,
  /** Characters of a model version. */
  modelVersion: 1_000,
  /** Characters of the header Idempotency-Key. */
  idempotencyKey: 255,
  /** Characters of the page that log-in and sign-up lead on to (`next`), as it stands in an address. */
  nextPath: 2_000,
  /** Answers of all questions that a project's settings show as fields; more are edited as XML. */
  editableAnswers: 200,
  /** Tasks that a form deletes at once. */
  chosenTasks: 500,
  /** People that the page People of a project lists: those who labeled most. */
  projectPeople: 100,
  /** Tasks whose answers are compared for the agreement of people: the newest that several people labeled. */
  comparedTasks: 2_000,
  /** Annotations of these tasks that are compared. */
  comparedAnnotations: 10_000,
  /** Characters of the result of an annotation that is compared, such as a hundred spans; a longer one is left out. */
  comparedCharacters: 20_000,
  /** Characters of all of these results. */
  comparedText: 6_000_000,
  /** Emails of a list of people that its page for copying shows. */
  copiedEmails: 5_000,
  /** Characters of a search on a page. */
  search: 256,
  /** Words of a search for people that are looked for. */
  searchWords: 8,
});
