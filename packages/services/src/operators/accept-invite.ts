import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { hashPassword } from '../users/password.ts';
import { copiedCodeHash } from './one-time-code.ts';
import { Operator } from './operator.ts';

export interface InviteOrigin {
  ip: string;
  userAgent: string;
  requestId: string;
}

/** Whether an invitation has this code; nothing is changed. */
export async function isInvited(db: Db, code: string, from: InviteOrigin): Promise<boolean> {
  return (await accept(db, code, undefined, from)) !== undefined;
}

/** Sets the first password of who was invited, once; undefined when the code is wrong, used, too old or withdrawn. */
export async function acceptInvite(
  db: Db,
  { code, password }: { code: string; password: string },
  from: InviteOrigin,
): Promise<Operator | undefined> {
  return accept(db, code, await hashPassword(password), from);
}

async function accept(db: Db, code: string, hash: string | undefined, from: InviteOrigin) {
  const operator: unknown = await db.call((client) =>
    client.rpc('accept_invite', {
      p_code_hash: copiedCodeHash(code),
      p_password_hash: nullable(hash),
      p_context: { ip: from.ip, user_agent: from.userAgent, request_id: from.requestId },
    }),
  );
  return Operator.nullable().parse(operator) ?? undefined;
}
