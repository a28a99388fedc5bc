import { z } from 'zod';
import { createCaller, type Caller } from './api.ts';

/** Somebody with an account of the plane. */
export interface Person {
  email: string;
  call: Caller;
  register(expect?: number): Promise<void>;
  logIn(): Promise<void>;
}

const Token = z.object({ access_token: z.string() });

export function createPerson(url: string, email: string, password: string): Person {
  let token: string | undefined;
  const call = createCaller(url, () => token);
  const body = { email, password };
  return {
    email,
    call,
    async register(expect = 201) {
      await call('/v1/auth/register', { method: 'POST', body, expect });
    },
    async logIn() {
      const answer = await call('/v1/auth/login', { method: 'POST', body, expect: 200 });
      token = Token.parse(answer).access_token;
    },
  };
}
