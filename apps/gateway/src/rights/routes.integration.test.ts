import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queueNames } from '@actp/shared/jobs/catalogue';
import { differences, readMatrix } from '@actp/testing/matrix';
import { openStores } from '@actp/testing/stores';
import { openGateway, openWorker } from '../gateway.fixture.ts';
import { accountCalls } from './account-calls.fixture.ts';
import { approvalCalls } from './approval-calls.fixture.ts';
import { openCallers } from './callers.fixture.ts';
import { send, type Calls } from './calls.fixture.ts';
import { planeCalls } from './plane-calls.fixture.ts';

const matrix = readMatrix(join(import.meta.dirname, 'routes.matrix.md'));
const stores = await openStores();
const gateway = await openGateway(stores);
const limited = await openGateway(stores, { POLICY_FILE: 'apps/gateway/src/guard/limits.policy.yaml' });
// Consumers, without which the plane is not ready.
for (const queue of queueNames) openWorker(stores, queue, {} as never);
const callers = await openCallers(gateway, stores);
const deps = { gateway, limited, stores, callers };
const calls: Calls = { ...approvalCalls(deps), ...accountCalls(deps), ...planeCalls(deps) };

// After these a session is over: each caller comes with one of its own.
const endsSessions = new Set(['POST /v1/auth/logout', 'POST /v1/auth/password', 'POST /logout']);

interface Description {
  paths: Record<string, Record<string, { security?: Array<Record<string, unknown>> }>>;
}

// Who is let in by the credentials of the description.
const kinds: ReadonlyMap<string, string> = new Map([
  ['worker secret', 'workerSecret'],
  ['user', 'user'],
  ['operator', 'operator'],
]);

/** Whether a row is about a route as the router knows it; a route for all methods or paths needs one row at least. */
const isAbout = (row: string, { method, path }: { method: string; path: string }) => {
  const [rowMethod, rowPath = ''] = row.replaceAll(/\{(\w+)\}/g, ':$1').split(' ');
  if (method !== 'ALL' && method !== rowMethod) return false;
  return path.endsWith('/*') ? rowPath.startsWith(path.slice(0, -1)) : rowPath === path;
};

/** Routes without a row, and rows without a route. */
function unmatched(app: typeof gateway.app): string[] {
  const rows = [...matrix.rows.keys()];
  // What applies to every path is no route.
  const routes = app.routes.filter(({ path }) => path !== '/*');
  return [
    ...routes.filter((route) => !rows.some((row) => isAbout(row, route))).map((r) => `${r.method} ${r.path}`),
    ...rows.filter((row) => !routes.some((route) => isAbout(row, route))),
  ];
}

describe('the table of routes and callers', () => {
  it('has a row for every route, and none for what is no route', () => {
    expect(unmatched(gateway.app)).toEqual([]);
  });

  it('lacks a route that somebody has added', async () => {
    const { app } = await openGateway(stores);
    app.get('/v1/forgotten', (c) => c.text('done'));
    expect(unmatched(app)).toEqual(['GET /v1/forgotten']);
  });

  it('has a column for every kind of caller, and a call for every row', () => {
    expect(matrix.columns).toEqual(callers.names);
    expect(Object.keys(calls).toSorted()).toEqual([...matrix.rows.keys()].toSorted());
  });

  // Behind many a route stands a second check that answers the same: who the route itself lets through is compared, too.
  it('[SEC-014] lets in those whom the route itself is described for', async () => {
    const answer = await fetch(`${gateway.url}/openapi.json`);
    const { paths } = (await answer.json()) as Description;
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(methods)) {
        const row = `${method.toUpperCase()} ${path}`;
        const cells = matrix.rows.get(row);
        const letIn = [...kinds].filter(([column]) => !['401', '403'].includes(cells?.get(column) ?? '401'));
        const described = security?.flatMap((way) => Object.keys(way)) ?? [...kinds.values()];
        expect([row, ...letIn.map(([, kind]) => kind)]).toEqual([
          row,
          ...[...kinds.values()].filter((kind) => described.includes(kind)),
        ]);
      }
    }
  });

  it.each([...matrix.rows])('[SEC-014] says what each caller is answered: %s', async (row, expected) => {
    const seen = new Map<string, string>();
    // One after the other: a slow machine would answer some of many at once with 503.
    for (const name of callers.names) {
      const call = (await calls[row]?.(name)) ?? {};
      const credential = endsSessions.has(row) ? await callers.freshHeadersOf(name) : callers.headersOf(name);
      seen.set(name, await send(gateway, row, call, credential));
    }
    expect(differences(row, expected, seen)).toEqual([]);
  });
});
