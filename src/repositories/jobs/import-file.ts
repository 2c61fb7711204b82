/** The formats of import files; a file holds tasks of one format only. */
export type ImportFormat = "json" | "jsonl" | "csv" | "tsv" | "txt";

/** A file of tasks as it was received. */
export interface ImportFile {
  /** As whoever sent it calls it; empty for what came without a name. */
  name: string;
  /** Its id among the stored files. */
  stored: string;
  format: ImportFormat;
  /** Its size. */
  bytes: number;
  /** Columns of a table that hold numbers only, known once it was checked. */
  number_columns?: string[];
  /** Its row in `file_uploads`, once its tasks are added. */
  upload_id?: number;
}
