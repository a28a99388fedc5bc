import { describe, expect, it } from 'vitest';
import { ActpError, ActpUnavailable, PolicyDenied, type Approval } from '@actp/sdk';
import type { GateDetails } from '@actp/review/gate/gate-details';
import { askPlane } from './ask-plane.ts';

type Guard = Parameters<typeof askPlane>[0]['guard'];

const details: GateDetails = {
  project: 'shop',
  lock_file: 'package-lock.json',
  base_from: 'files',
  after_sha256: 'a'.repeat(64),
  count: 1,
  severity: 'none',
  finding_count: 0,
  packages: [],
  findings: [],
  unavailable: [],
};
const approval = { id: '0b8f57a1-8c37-4d15-9d43-5a1a3d0c6c1e', status: 'pending' } as Approval;

const ask = (guard: unknown, waitSeconds = 600) => {
  const heard: string[] = [];
  // The stand-in answers for every kind of details and results.
  const answer = askPlane({ guard: guard as Guard }, 'dependency.add', details, {
    waitSeconds,
    again: false,
    onPending: (text) => heard.push(text),
  });
  return { answer, heard };
};

const untilAborted = (signal: AbortSignal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('asking the plane', () => {
  it('ends after the time that a person has, which is a no that a later run can change', async () => {
    const { answer, heard } = ask(
      (
        _action: string,
        _details: object,
        _run: unknown,
        options: { signal: AbortSignal; onPending(of: Approval): void },
      ) => {
        options.onPending(approval);
        return untilAborted(options.signal);
      },
      1,
    );
    expect(await answer).toEqual({
      state: 'refused',
      text: `nobody has decided within 1 s; the same command waits on (approval ${approval.id})`,
    });
    expect(heard).toEqual([`waiting for a decision about approval ${approval.id}, 1 s at most`]);
  });

  it('has failed when nothing was asked within that time', async () => {
    const { answer } = ask(
      (_action: string, _details: object, _run: unknown, { signal }: { signal: AbortSignal }) =>
        untilAborted(signal),
      1,
    );
    expect(await answer).toMatchObject({ state: 'failed' });
  });

  it.each([
    [
      'is refused by the policy',
      new PolicyDenied('the policy denies it (gate:dependency.*)', { rule: 'gate' }),
      'refused',
    ],
    ['is not answered', new ActpUnavailable('the plane is unavailable'), 'failed'],
    ['is not let in', new ActpError('unauthenticated', 'wrong credential'), 'failed'],
    ['breaks in a way that nobody knows', new Error('boom'), 'failed'],
    ['breaks with what is no error', 'boom', 'failed'],
  ] as const)('is no yes when it %s', async (_, error, state) => {
    const { answer } = ask(() => Promise.reject(error));
    expect((await answer).state).toBe(state);
  });
});
