/** The options of the command. */
export interface RestoreFlags {
  check?: true;
  withKeys?: true;
  onlyKeys?: true;
  json?: true;
}
