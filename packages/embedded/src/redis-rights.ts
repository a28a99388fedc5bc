/**
 * The commands that the plane's user of the embedded Redis has: all that BullMQ and the plane need, and none by which one command
 * loses what was acknowledged or opens the server (FLUSHALL, FLUSHDB, SWAPDB, CONFIG, DEBUG, SHUTDOWN, SAVE, REPLICAOF, MODULE, KEYS,
 * MONITOR, ACL, ...). Scripts have the rights of who runs them. docs/runbook.md gives the same rules for a Redis of one's own.
 */
export const planeCommands =
  '+@all -@admin -@dangerous -@scripting +eval +evalsha +info +client|setname +client|list +client|id +cluster|slots +cluster|info +cluster|nodes';

/** The user of tests that empty a Redis or change its settings. */
export const adminUser = 'admin';
