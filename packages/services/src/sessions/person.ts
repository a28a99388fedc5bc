import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { SessionKind } from './kind.ts';

const Person = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string().nullable(),
    role: z.enum(['user', 'operator']),
  })
  .nullable();
/** Whose session it is, with the role that the account has now. */
export type SessionPerson = NonNullable<z.output<typeof Person>>;

/** The person of a live session; undefined when it has ended, or never was one of this kind. */
export async function sessionPerson(
  db: Db,
  id: string,
  kind: SessionKind,
): Promise<SessionPerson | undefined> {
  const person: unknown = await db.call((client) => client.rpc('session_person', { p_id: id, p_kind: kind }));
  return Person.parse(person) ?? undefined;
}
