import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { acceptInvite } from '../operators/accept-invite.ts';
import { changeOperator } from '../operators/change.ts';
import { inviteOperator } from '../operators/invite.ts';
import { endSession } from '../sessions/end.ts';
import { listSessions } from '../sessions/list.ts';
import { openSession } from '../sessions/open.ts';
import { openVerbs } from '../verbs.fixture.ts';
import { changePassword } from './change-password.ts';
import { findUser } from './find.ts';
import { registerUser } from './register.ts';

const stores = await openStores();
const { deps, operator, sql } = await openVerbs(stores);
const { db } = deps;
const ann = await operator('ann@example.com');
const password = 'a long enough passphrase';

it('whatever changes an account or a session says who has done it, and from where', async () => {
  const from = (what: string) => ({ ip: '198.51.100.7', userAgent: `agent of ${what}`, requestId: what });
  const by = (what: string) => ({ ...from(what), actor: ann.actor });
  const withSessions = { db, sessions: { invalidate: () => undefined } };
  const registering = { db, operatorEmail: 'first@example.com' };
  const email = `${randomUUID()}@example.com`;
  const { id } = await registerUser(
    registering,
    { email, password },
    { ...from('register'), actor: undefined },
  );
  await registerUser(
    registering,
    { email: `${randomUUID()}@example.com`, password },
    by('register for another'),
  );
  const { code, operator: bob } = await inviteOperator(
    { db },
    { email: 'bob@example.com', name: 'Bob' },
    by('invite'),
  );
  await acceptInvite(db, { code, password }, from('accept'));
  await changeOperator(withSessions, bob.id, { name: 'Rob', disabled: undefined }, by('change'));
  const passwordHash = (await findUser(db, email))?.password_hash ?? '';
  const { ip, userAgent } = from('login');
  const session = await openSession(db, { userId: id, passwordHash, kind: 'page', hours: 1, ip, userAgent });
  const listed = await listSessions(db, { before: undefined, limit: 9 });
  expect(listed.map((one) => [one.session.kind, one.session.role, one.session.email])).toEqual([
    ['page', 'user', email],
    ['api', 'operator', 'ann@example.com'],
  ]);
  const user = { kind: 'user' as const, id, email, session: session ?? '' };
  const next = await changePassword(
    withSessions,
    { current: password, replacement: 'another long passphrase', hours: 1 },
    { ...from('password'), actor: user },
  );
  await endSession(withSessions, next ?? '', 'operator', by('end'));

  const { rows } = await sql.query(
    `select action_type, agent_id, request_id, user_agent from actp_agent_audit_log
     where host(ip_address) = '198.51.100.7' order by id`,
  );
  const row = (action_type: string, agent_id: string, what: string) => ({
    ...{ action_type, agent_id, request_id: what, user_agent: `agent of ${what}` },
  });
  const operatorAnn = 'operator:ann@example.com';
  expect(rows).toEqual([
    row('auth.register', `user:${email}`, 'register'),
    row('auth.register', operatorAnn, 'register for another'),
    row('operator.invite', operatorAnn, 'invite'),
    row('operator.accept_invite', 'operator:bob@example.com', 'accept'),
    row('operator.change', operatorAnn, 'change'),
    row('auth.change_password', `user:${email}`, 'password'),
    row('session.end', operatorAnn, 'end'),
  ]);
});
