import type { Db } from '@actp/db/client';
import type { SessionKind } from './kind.ts';

export interface OpenSession {
  userId: string;
  /** The hash that the password was verified against: another one by now opens nothing. */
  passwordHash: string;
  kind: SessionKind;
  hours: number;
  ip: string;
  userAgent: string;
}

/** Opens a session and returns its id; undefined when the account is not the one that was verified any more. */
export async function openSession(db: Db, session: OpenSession): Promise<string | undefined> {
  const id: string | null = await db.call((client) =>
    client.rpc('open_session', {
      p_user_id: session.userId,
      p_password_hash: session.passwordHash,
      p_kind: session.kind,
      p_hours: session.hours,
      p_context: { ip: session.ip, user_agent: session.userAgent },
    }),
  );
  return id ?? undefined;
}
