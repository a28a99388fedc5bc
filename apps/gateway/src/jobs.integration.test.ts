import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, openWorker, operatorToken } from './gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);

const result = {
  run_id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11',
  status: 'passed' as const,
  tests_total: 1,
  tests_passed: 1,
  tests_failed: 0,
  services_up: 1,
  services_total: 1,
};
const seen: string[] = [];
const begun = new Map<string, { updateProgress(progress: object): Promise<void> }>();

openWorker(stores, 'selftest', {
  'run-self-test': async ({ trigger }, { job }) => {
    seen.push(`${trigger} ${job.id}`);
    begun.set(String(job.id), job);
    await job.updateProgress({ step: 'report' });
    return result;
  },
});

interface Problem {
  code: string;
  detail: string;
  request_id: string;
  errors?: Array<{ field: string; message: string }>;
}

describe('POST /v1/jobs/{queue}', () => {
  it('[SEC-005] starts the main job, whose state and result can be read', async () => {
    const answer = await gateway.fetch('/v1/jobs/selftest', json({}));
    expect(answer.status).toBe(202);
    const { job_id, ...rest } = (await answer.json()) as Record<string, string>;
    expect(rest).toEqual({ queue: 'selftest', name: 'run-self-test' });
    await eventually(async () => {
      const status = await gateway.fetch(`/v1/jobs/selftest/${job_id}`);
      const body = (await status.json()) as Record<string, unknown>;
      if (body['state'] !== 'completed') return false;
      expect(body).toEqual({
        job_id,
        queue: 'selftest',
        name: 'run-self-test',
        state: 'completed',
        progress: { step: 'report' },
        attempts_made: 1,
        result,
        failed_reason: null,
      });
      return true;
    });
    expect(seen).toContain(`http ${job_id}`);
  });

  it('never says completed without the result, however close the two questions are', async () => {
    const finish = async () => {
      const made = (await (await gateway.fetch('/v1/jobs/selftest', json({}))).json()) as { job_id: string };
      return eventually(
        async () => {
          const answer = await gateway.fetch(`/v1/jobs/selftest/${made.job_id}`);
          const body = (await answer.json()) as { state: string; result: unknown };
          return body.state === 'completed' || body.result !== null ? body : undefined;
        },
        { every: 0 },
      );
    };
    for (const done of await Promise.all(Array.from({ length: 50 }, finish))) {
      expect(done).toMatchObject({ state: 'completed', result });
    }
  });

  it('takes no body at all', async () => {
    expect((await gateway.fetch('/v1/jobs/selftest', { method: 'POST' })).status).toBe(202);
  });

  it('gives the same job for the same Idempotency-Key, also to many callers at once', async () => {
    const key = { 'idempotency-key': 'a:key with/odd~chars'.replaceAll(' ', '_') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.fetch('/v1/jobs/selftest', json({}, key))),
    );
    const ids = await Promise.all(answers.map(async (a) => ((await a.json()) as { job_id: string }).job_id));
    expect(new Set(ids).size).toBe(1);
    await eventually(() => seen.some((s) => s.endsWith(String(ids[0]))));
    expect(seen.filter((s) => s.endsWith(String(ids[0])))).toHaveLength(1);
  });

  it('gives another caller a job of its own under the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'of-two-callers' };
    const jobOf = async (headers: Record<string, string>) => {
      const answer = await gateway.fetch('/v1/jobs/selftest', json({}, { ...key, ...headers }));
      return ((await answer.json()) as { job_id: string }).job_id;
    };
    const asOperator = { authorization: `Bearer ${await operatorToken(gateway)}` };
    const callers = [{ 'x-agent-id': 'one' }, { 'x-agent-id': 'two' }, asOperator];
    const ids = await Promise.all([...callers, ...callers].map(jobOf));
    expect(ids.slice(3)).toEqual(ids.slice(0, 3));
    expect(new Set(ids).size).toBe(3);
    await eventually(() => ids.every((id) => begun.has(id)));
  });

  it('[SEC-004] shows no secret that a job has', async () => {
    const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const { job_id } = (await (await gateway.fetch('/v1/jobs/selftest', json({}))).json()) as {
      job_id: string;
    };
    const job = await eventually(() => begun.get(job_id));
    const shown = await eventually(async () => {
      await job.updateProgress({ step: `cloned with ${token}` });
      const text = await (await gateway.fetch(`/v1/jobs/selftest/${job_id}`)).text();
      return text.includes('cloned with') && text;
    });
    expect(shown).toContain('cloned with [redacted:');
    expect(shown).not.toContain(token);
  });

  it.each<[why: string, path: string, init: RequestInit, status: number, field: string]>([
    ['unknown queue', '/v1/jobs/nope', json({}), 404, 'queue'],
    ['queue that HTTP cannot trigger', '/v1/jobs/notify', json({}), 404, 'queue'],
    ['inherited name', '/v1/jobs/constructor', json({}), 404, 'queue'],
    ['unknown job name', '/v1/jobs/selftest', json({ name: 'x' }), 400, 'name'],
    ['job of another queue', '/v1/jobs/selftest', json({ name: 'send-notification' }), 400, 'name'],
    ['wrong type', '/v1/jobs/selftest', json({ name: 1 }), 400, 'name'],
    ['unknown body key', '/v1/jobs/selftest', json({ nome: 'x' }), 400, 'nome'],
    ['unknown data key', '/v1/jobs/selftest', json({ data: { trigger: 'startup' } }), 400, 'data.trigger'],
    ['heal without a run', '/v1/jobs/heal', json({}), 400, 'data.run_id'],
    ['heal of no run', '/v1/jobs/heal', json({ data: { run_id: 'x' } }), 400, 'data.run_id'],
    [
      'heal by another',
      '/v1/jobs/heal',
      json({ data: { run_id: crypto.randomUUID(), by: 'plane' } }),
      400,
      'data.by',
    ],
    ['array body', '/v1/jobs/selftest', json([]), 400, 'body'],
    ['data not an object', '/v1/jobs/selftest', json({ data: 'x' }), 400, 'data'],
    ['unknown query parameter', '/v1/jobs/selftest?force=1', json({}), 400, 'query.force'],
    [
      'empty Idempotency-Key',
      '/v1/jobs/selftest',
      json({}, { 'idempotency-key': '' }),
      400,
      'header.idempotency-key',
    ],
    [
      'huge Idempotency-Key',
      '/v1/jobs/selftest',
      json({}, { 'idempotency-key': 'k'.repeat(256) }),
      400,
      'header.idempotency-key',
    ],
    ['malformed JSON', '/v1/jobs/selftest', { ...json({}), body: '{"name":' }, 400, 'body'],
    ['not JSON', '/v1/jobs/selftest', { ...json({}, { 'content-type': 'text/plain' }) }, 400, 'Content-Type'],
  ])('refuses: %s', async (_why, path, init, status, field) => {
    const before = seen.length;
    const answer = await gateway.fetch(path, init);
    const problem = (await answer.json()) as Problem;
    expect(answer.status, JSON.stringify(problem)).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.request_id).toBe(answer.headers.get('x-request-id'));
    expect(problem.errors?.map((e) => e.field)).toContain(field);
    expect(seen.length).toBe(before);
  });

  it('refuses a body over 1 MiB, also when its length is not announced', async () => {
    const big = JSON.stringify({ data: { x: 'y'.repeat(1_048_576) } });
    expect((await gateway.fetch('/v1/jobs/selftest', { ...json({}), body: big })).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big));
        controller.close();
      },
    });
    const chunked = { ...json({}), body: stream, duplex: 'half' } as RequestInit;
    expect((await gateway.fetch('/v1/jobs/selftest', chunked)).status).toBe(413);
  });

  it('lets a caller that still sends hear that the body is too large', async () => {
    const huge = { ...json({}), body: 'x'.repeat(20_000_000) };
    for (let i = 0; i < 5; i += 1) {
      expect((await gateway.fetch('/v1/jobs/selftest', huge)).status).toBe(413);
    }
  });

  it.each(['/v1/jobs/selftest/none', '/v1/jobs/nope/1'])('answers 404 for %s', async (path) => {
    expect((await gateway.fetch(path)).status).toBe(404);
  });

  it('answers 400 for a malformed job id', async () => {
    expect((await gateway.fetch('/v1/jobs/selftest/a%20b')).status).toBe(400);
  });
});
