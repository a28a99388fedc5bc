/** What an agent reports of an action that was approved. */
export interface Report {
  status: 'succeeded' | 'failed';
  /** With `failed`: it had no effect at all. */
  before_effect?: true;
  result?: unknown;
}
