import type { Stores } from '@actp/testing/stores';
import type { TestGateway } from '../gateway.fixture.ts';
import type { Callers } from './callers.fixture.ts';

/** What a request needs beside its row's method and path, and the caller's credential. */
export interface Call {
  /** For the `{names}` in the path. */
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** Prepares what the call is about (an approval, a task, ...), so that it works for the right caller. */
type Prepare = (caller: string) => Call | Promise<Call>;

/** Prepared calls by row. */
export type Calls = Record<string, Prepare>;

export interface CallDeps {
  gateway: TestGateway;
  /** With a policy under which the guard gives grants. */
  limited: TestGateway;
  stores: Stores;
  callers: Callers;
}

/** Sends a prepared call to the route of its row; gives the status. */
export async function send(
  gateway: TestGateway,
  row: string,
  call: Call,
  credential: Record<string, string>,
): Promise<string> {
  const [method = '', path = ''] = row.split(' ');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => call.params?.[name] ?? '');
  const sent = call.form ? new URLSearchParams(call.form) : JSON.stringify(call.body);
  const answer = await fetch(`${gateway.url}${filled}${call.query ?? ''}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
      ...credential,
    },
    ...(sent !== undefined && { body: sent }),
  });
  await answer.body?.cancel();
  return String(answer.status);
}
