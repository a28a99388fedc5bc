import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTracer, type Tracer } from '@actp/shared/telemetry/tracer';
import { facts } from './card/card.fixture.ts';
import { recordDecisionTime, traceOfApproval } from './trace.ts';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const decided = facts('{}', {
  ...{ status: 'approved', decided_by: 'operator:ann@example.com', decided_at: '2026-11-02T13:05:00.000Z' },
}).approval;
const record = vi.fn<Tracer['record']>();

beforeEach(() => {
  useTracer({ run: () => expect.fail('nothing runs'), record, stop: () => Promise.resolve() });
});
afterEach(() => {
  useTracer(undefined);
  record.mockReset();
});

it('shows the time that people took to decide, without who they were', () => {
  recordDecisionTime({ result: 'decided', approval: decided, traceparent });
  expect(record.mock.calls).toEqual([
    [
      'approval decision',
      {
        parent: { traceparent },
        start: new Date('2026-11-02T13:00:00Z'),
        end: new Date('2026-11-02T13:05:00Z'),
        attributes: {
          'actp.approval_id': decided.id,
          'actp.action': 'dm.bulk_send',
          'actp.decision': 'approved',
          'actp.decided_in': 'operator',
        },
      },
    ],
  ]);
});

it.each([
  ['it does not count', { result: 'needs_more', approval: decided, traceparent }],
  ['nobody knows of a trace', { result: 'decided', approval: decided, traceparent: null }],
  ['nobody knows the approval', { result: 'decided', traceparent }],
  ['it is not over', { result: 'decided', approval: { ...decided, decided_at: null }, traceparent }],
])('shows nothing when %s', (_why, of) => {
  recordDecisionTime(of);
  expect(record).not.toHaveBeenCalled();
});

it('has no time of nobody’s decision to tell whose it was', () => {
  recordDecisionTime({ result: 'decided', approval: { ...decided, decided_by: null }, traceparent });
  expect(record.mock.calls[0]?.[1]).toMatchObject({ attributes: { 'actp.decided_in': undefined } });
});

it('makes work a part of the trace in which the approval was asked for, where traces are on', () => {
  expect(traceOfApproval({ traceparent })).toEqual({ traceparent });
  expect(traceOfApproval({ traceparent: null })).toBeUndefined();
  expect(traceOfApproval({})).toBeUndefined();
  useTracer(undefined);
  expect(traceOfApproval({ traceparent })).toBeUndefined();
});
