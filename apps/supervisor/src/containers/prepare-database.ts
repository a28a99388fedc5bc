import { asOwner } from '@actp/db/as-owner';
import { registerApps } from '@actp/db/access/register-apps';
import { setAuditRetention } from '@actp/db/audit/set-retention';
import { migrate } from '@actp/db/migrate';
import { bootstrapRoles } from '@actp/embedded/postgres-roles';

export interface PrepareDatabaseOptions {
  /** Of the owner. */
  databaseUrl: string;
  appSecret: string;
  auditRetentionDays: number;
  /** For a database of our own; a Supabase project has its roles. */
  authenticatorPassword: string | undefined;
}

/** Makes the database ready for the apps, as `npm start` does. @returns what there is to say about it */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<string> {
  const { databaseUrl, authenticatorPassword } = options;
  if (authenticatorPassword !== undefined) {
    await asOwner(databaseUrl, (client) => bootstrapRoles(client, authenticatorPassword));
  }
  const { applied, functions, notice } = await migrate({ databaseUrl });
  await registerApps({ databaseUrl, secret: options.appSecret });
  await setAuditRetention({ databaseUrl, days: options.auditRetentionDays });
  return notice ?? `Applied ${applied.length} migrations and ${functions.length} functions.`;
}
