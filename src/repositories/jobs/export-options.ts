/** Only those, all but those, or (null, or left out) it does not matter. */
export type Among = "only" | "exclude" | null | undefined;

/** Which tasks are taken. */
export interface TaskChoice {
  /** Those with a skip. */
  skipped?: Among;
  /** Those that count as labeled. */
  finished?: Among;
  /** Those with an annotation that is no skip. */
  annotated?: Among;
  /** Leaves out tasks without any annotation of the chosen kinds. */
  only_with_annotations?: boolean | undefined;
}

/** Which annotations are taken: those of these kinds, all where no kind is said. */
export interface AnnotationChoice {
  /** Neither skips nor ground truth. */
  usual?: boolean | null | undefined;
  ground_truth?: boolean | null | undefined;
  skipped?: boolean | null | undefined;
}

/** By its id alone, or whole; null is whole, too. */
export type Written = { only_id?: boolean | null | undefined } | undefined;

/** What is written whole; all these are ids where nothing is said. */
export interface WritingChoice {
  drafts?: Written;
  predictions?: Written;
  annotations__completed_by?: Written;
}

/** What an export takes, as the API says it. */
export interface ExportOptions {
  /** Of tasks; all of the project where there is no list. */
  ids?: number[] | undefined;
  task_filter_options?: TaskChoice | null | undefined;
  annotation_filter_options?: AnnotationChoice | null | undefined;
  serialization_options?: WritingChoice | null | undefined;
  /** Whose drafts stand in it, by the person's id; everybody's where nobody is said. */
  drafts_of?: number | undefined;
}
