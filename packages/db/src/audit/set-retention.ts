import { asOwner } from '../as-owner.ts';

/**
 * Sets how long audit days are kept at least. The auditor drops days, and cannot change this: only the owner can.
 *
 * @param options.databaseUrl of the owner of a migrated database
 * @param options.days AUDIT_RETENTION_DAYS
 */
export async function setAuditRetention(options: { databaseUrl: string; days: number }): Promise<void> {
  await asOwner(options.databaseUrl, (client) =>
    client.query(
      `insert into actp_audit.retention (days) values ($1) on conflict (singleton) do update set days = excluded.days`,
      [options.days],
    ),
  );
}
