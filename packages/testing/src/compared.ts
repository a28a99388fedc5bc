import type pg from 'pg';

/**
 * What the auditor does as its first: it has compared the database with the anchor. Without one nothing would be released, also after
 * each start of the server.
 */
export const markCompared = (sql: pg.Pool | pg.ClientBase): Promise<unknown> =>
  sql.query('update actp_audit.plane set confirmed_for = actp_audit.plane_mark()');
