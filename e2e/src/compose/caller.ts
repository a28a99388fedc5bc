import { z } from 'zod';

export interface Answer {
  status: number;
  body: unknown;
}

/** Calls the plane; an answer of any status is one, and what never came throws. */
export async function call(
  url: string,
  method: 'GET' | 'POST',
  options: { token: string; body?: unknown; headers?: Record<string, string> },
): Promise<Answer> {
  const { token, body, headers } = options;
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(10_000),
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const Token = z.object({ access_token: z.string() });

/** Logs in, however long that takes: the plane may just be starting. */
export async function logIn(
  url: string,
  email: string,
  password: string,
  signal?: AbortSignal,
): Promise<string> {
  for (;;) {
    signal?.throwIfAborted();
    const answer = await call(`${url}/v1/auth/login`, 'POST', { token: '', body: { email, password } }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return Token.parse(answer.body).access_token;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
