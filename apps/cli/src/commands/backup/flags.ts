/** The options of the command. */
export interface BackupFlags {
  to?: string;
  json?: true;
  leaveWaiting?: true;
}
