import { CheckFailed } from './check.ts';

interface Call {
  method?: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  /** Another status than this fails the step. */
  expect: number;
}

/** Calls the plane as one caller, with their token once they have one. */
export type Caller = (path: string, call: Call) => Promise<unknown>;

// What the audit log has to name for every request.
export const userAgent = 'actp-e2e';

/** @param token undefined before login */
export function createCaller(url: string, token: () => string | undefined): Caller {
  return async (path, { method = 'GET', body, headers, expect }) => {
    const bearer = token();
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        'user-agent': userAgent,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expect) {
      throw new CheckFailed(
        `${method} ${path} answered ${response.status} and not ${expect}: ${text.slice(0, 600)}`,
      );
    }
    return JSON.parse(text);
  };
}
