import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import type { Observation } from '@actp/review/findings/finding';
import { couldNotLook, looked } from '@actp/review/findings/source-review';
import { recordReview } from '@actp/services/findings/record';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { openGateway, operatorToken } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const headers = { authorization: `Bearer ${await operatorToken(gateway)}` };
const deps = {
  db: createDb(stores.env, 'inspector', 20_000),
  producer: { add: () => Promise.reject(new Error('not here')) },
  log: createLogger({ app: 'test', level: 'silent' }),
};
const seen = (name: string, severity: Observation['severity']): Observation => ({
  kind: 'vulnerability',
  severity,
  package: name,
  version: '1.0.0',
  path: 'package-lock.json',
  title: `${name} is vulnerable`,
  about: [name],
});
const startedAt = new Date().toISOString();
const all = [seen('a', 'high'), seen('b', 'low'), seen('c', 'low')];
await recordReview(deps, { project: 'shop', startedAt, review: looked('osv', all) });
await recordReview(deps, {
  project: 'other',
  startedAt,
  review: couldNotLook('npm-audit', 'npm is not installed'),
});

const get = async (query = '') => {
  const answer = await gateway.fetch(`/v1/findings${query}`, { headers });
  return {
    status: answer.status,
    body: (await answer.json()) as { findings: Array<Record<string, unknown>>; next_cursor: string | null },
  };
};

describe('[SEC-017] GET /v1/findings', () => {
  it('lists findings, and how far each source could look', async () => {
    const { status, body } = await get('?severity=high');
    expect(status).toBe(200);
    expect(body).toEqual({
      findings: [
        {
          id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
          project: 'shop',
          kind: 'vulnerability',
          severity: 'high',
          package: 'a',
          version: '1.0.0',
          path: 'package-lock.json',
          title: 'a is vulnerable',
          detail: '',
          state: 'open',
          first_seen_at: expect.stringMatching(/Z$/) as string,
          last_seen_at: expect.stringMatching(/Z$/) as string,
        },
      ],
      reviews: [
        {
          project: 'other',
          source: 'npm-audit',
          verdict: 'unavailable',
          reason: 'npm is not installed',
          finished_at: expect.any(String) as string,
        },
        {
          project: 'shop',
          source: 'osv',
          verdict: 'findings',
          reason: null,
          finished_at: expect.any(String) as string,
        },
      ],
      next_cursor: null,
    });
  });

  it('filters, and gives a page at a time, none twice', async () => {
    expect((await get('?state=fixed')).body.findings).toEqual([]);
    expect((await get('?project=other')).body.findings).toEqual([]);
    const first = await get('?limit=2');
    const second = await get(`?limit=2&cursor=${first.body.next_cursor}`);
    const names = [...first.body.findings, ...second.body.findings].map((finding) =>
      String(finding['package']),
    );
    expect(names.toSorted()).toEqual(['a', 'b', 'c']);
    expect(second.body.next_cursor).toBeNull();
  });

  it.each(['?state=gone', '?severity=bad', '?limit=0', '?cursor=x', '?unknown=1'])(
    'refuses %s',
    async (query) => {
      expect((await get(query)).status).toBe(400);
    },
  );
});
