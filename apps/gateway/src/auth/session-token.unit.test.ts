import { randomUUID } from 'node:crypto';
import { sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { issueToken, maxClockStepSeconds, readToken, sessionSeconds } from './session-token.ts';

const secret = 'the secret that signs these sessions, 32+';
const user = { id: randomUUID(), email: 'someone@example.com', role: 'operator' } as const;
const person = { kind: 'operator', id: user.id, email: user.email };
const hour = 3_600;
/** A session that began when the clock showed so many seconds more than now. */
const issuedAhead = (seconds: number) => issueToken(secret, user, () => Date.now() + seconds * 1_000);

describe('a session and the clock', () => {
  it.each([0, 1, 60, hour, 3 * hour, maxClockStepSeconds - 60])(
    'goes on when the clock is set back by %d seconds',
    async (seconds) => expect(await readToken(secret, await issuedAhead(seconds))).toEqual(person),
  );

  it.each([maxClockStepSeconds + 60, 24 * hour, 365 * 24 * hour])(
    'is not believed when it would begin in %d seconds',
    async (seconds) => expect(await readToken(secret, await issuedAhead(seconds))).toBeUndefined(),
  );

  it('ends after its time', async () => {
    expect(await readToken(secret, await issuedAhead(60 - sessionSeconds))).toEqual(person);
    expect(await readToken(secret, await issuedAhead(-sessionSeconds - 60))).toBeUndefined();
  });

  it('needs to say when it began', async () => {
    const exp = Math.floor(Date.now() / 1_000) + hour;
    const claims = { iss: 'actp-worker', sub: user.id, email: user.email, role: user.role, exp };
    expect(await readToken(secret, await sign(claims, secret, 'HS256'))).toBeUndefined();
  });
});
