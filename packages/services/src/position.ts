/** Where a page of a list ended, newest first. */
export interface Position {
  /** As Postgres writes a time. */
  at: string;
  id: string;
}
