/** Only those, all but those, or (null, or left out) it does not matter. */
export type FilterMode = "only" | "exclude" | null | undefined;

/** Which tasks are taken. */
export interface TaskFilterOptions {
  /** Those with a skip. */
  skipped?: FilterMode;
  /** Those that count as labeled. */
  finished?: FilterMode;
  /** Those with an annotation that is no skip. */
  annotated?: FilterMode;
  /** Leaves out tasks without any annotation of the chosen kinds. */
  only_with_annotations?: boolean | undefined;
}

/** Which annotations are taken: those of these kinds, all where no kind is said. */
export interface AnnotationFilterOptions {
  /** Neither skips nor ground truth. */
  usual?: boolean | null | undefined;
  ground_truth?: boolean | null | undefined;
  skipped?: boolean | null | undefined;
}

/** By its id alone, or whole; null is whole, too. */
export type Serialization = { only_id?: boolean | null | undefined } | undefined;

/** What is written whole; all these are ids where nothing is said. */
export interface SerializationOptions {
  drafts?: Serialization;
  predictions?: Serialization;
  annotations__completed_by?: Serialization;
}

/** What an export takes, as the API says it. */
export interface ExportOptions {
  /** Of tasks; all of the project where there is no list. */
  ids?: number[] | undefined;
  task_filter_options?: TaskFilterOptions | null | undefined;
  annotation_filter_options?: AnnotationFilterOptions | null | undefined;
  serialization_options?: SerializationOptions | null | undefined;
  /** Whose drafts stand in it, by the person's id; everybody's where nobody is said. */
  drafts_of?: number | undefined;
}
