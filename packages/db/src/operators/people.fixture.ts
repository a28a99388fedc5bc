import { createHash } from 'node:crypto';
import type pg from 'pg';
import { expect } from 'vitest';
import { approvalCalls, digest, type Answer } from '../approvals/approvals.fixture.ts';

export interface Person {
  id: string;
  telegramId: number;
  http: string;
  telegram: string;
  link(): Promise<void>;
  unlink(): Promise<string>;
  disable(): Promise<unknown>;
}

/** What operators do about approvals and their Telegram ids, as the SQL functions are called. */
export function peopleOn(sql: pg.Pool) {
  const calls = approvalCalls(sql);
  let counted = 0;

  const call = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].answer;
  };

  /** An operator, and a Telegram id of their own that is linked or not. */
  async function person({ name = null as string | null, linked = true } = {}): Promise<Person> {
    counted += 1;
    const email = `p${counted}@example.com`;
    const telegramId = 1_000 + counted;
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_users (email, name, password_hash, role) values ($1, $2, 'of a test', 'operator') returning id`,
      [email, name],
    );
    const one: Person = {
      id: rows[0]?.id ?? '',
      telegramId,
      http: `operator:${email}`,
      telegram: `telegram:${telegramId}`,
      link: () => link(one, telegramId),
      unlink: () => call<string>('unlink_telegram($1, $2, $3)', [one.id, one.http, {}]),
      disable: () => sql.query('update actp_users set disabled_at = now() where id = $1', [one.id]),
    };
    if (linked) await one.link();
    return one;
  }

  const hashOf = (code: string) => createHash('sha256').update(code).digest();
  const codeFor = ({ id, http }: Pick<Person, 'id' | 'http'>, code: string) =>
    call<string>('make_telegram_code($1, $2, 10, $3, $4)', [id, hashOf(code), http, {}]);
  const sendCode = (telegramId: number, code: string, isPrivate = true, update = (counted += 1)) =>
    call<{ result: string; name?: string }>('link_telegram($1, $2, $3, $4)', [
      telegramId,
      hashOf(code),
      isPrivate,
      update,
    ]);

  async function link(one: Pick<Person, 'id' | 'http'>, telegramId: number): Promise<void> {
    const code = `code ${(counted += 1)}`;
    expect(await codeFor(one, code)).toBe('created');
    expect((await sendCode(telegramId, code)).result).toBe('linked');
  }

  async function asked(over: Record<string, unknown> = {}): Promise<string> {
    const { id } = await calls.request(over);
    await sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
    return id;
  }

  const press = (id: string, actor: string): Promise<Answer> =>
    call('press_approval($1, $2, false, $3, $4, $5, $6)', [
      id,
      'approved',
      digest,
      actor,
      { update_id: (counted += 1), chat_id: '-1', message_id: 5 },
      {},
    ]);
  const decide = (id: string, actor: string) => calls.decide(id, 'approved', actor);
  const votesOf = async (id: string) =>
    (await call<{ status: string; approvals: number }>('read_approval($1)', [id])).approvals;

  return {
    ...{ sql, call, calls, person, hashOf, codeFor, sendCode, asked, press, decide, votesOf },
    /** Of no other update. */
    next: () => (counted += 1),
  };
}
