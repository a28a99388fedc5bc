import { describe, expect, it } from 'vitest';
import { AppError } from '@actp/shared/errors';
import type { ErrorCode } from '@actp/shared/errors';
import { refusalOf, RefusalError } from './refusals.ts';

describe('what the database refuses', () => {
  it.each<[result: string, code: ErrorCode, message: string]>([
    ['not_found', 'not_found', 'no such approval'],
    ['already_decided', 'conflict', 'already decided'],
    ['not_approved', 'conflict', 'not approved'],
    ['already_redeemed', 'conflict', 'already redeemed'],
    ['not_redeemed', 'conflict', 'not redeemed'],
    ['already_recorded', 'conflict', 'another outcome is already recorded'],
    [
      'kill_switch',
      'kill_switch',
      'stopped by a kill switch; nothing can be requested, decided or redeemed until it is lifted',
    ],
    ['limit_reached', 'limit_reached', 'a policy limit is reached, and its gate denies anything beyond it'],
    ['policy_denied', 'policy_denied', 'the policy denies it'],
    ['spend_limit', 'policy_denied', 'its cost is above MAX_SPEND_PER_TASK'],
    [
      'policy_stricter',
      'policy_denied',
      'the policy has become stricter since it was approved (more people, or a confirming press): ask anew',
    ],
    ['allowed_before', 'conflict', 'the guard allowed this work before, under the same Idempotency-Key'],
    ['expired', 'gone', 'expired without a decision'],
    ['lapsed', 'gone', 'the grant was not redeemed in time'],
    ['digest_mismatch', 'digest_mismatch', 'digest mismatch: this is not what was approved'],
    [
      'not_operator',
      'forbidden',
      'not an operator who may act: the account is disabled, or the session has ended',
    ],
    ['other_agent', 'forbidden', 'another agent asked for this approval'],
    [
      'effect_of_task',
      'conflict',
      'it is the effect of a task: resolve it with POST /v1/tasks/{id}/effects/{effect_id}/resolution',
    ],
    ['own_request', 'forbidden', 'the requester cannot decide'],
  ])('is told as what it is: %s', (result, code, message) => {
    const refusal = refusalOf(result);
    expect(refusal).toBeInstanceOf(RefusalError);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ result, code, message });
    expect(refusal?.fields ?? []).toEqual([]);
  });

  it('names the field where there is one', () => {
    const message = 'Idempotency-Key reused with a different body';
    expect(refusalOf('idempotency_mismatch')).toMatchObject({
      code: 'idempotency_mismatch',
      message,
      fields: [{ field: 'Idempotency-Key', message }],
    });
  });

  it.each(['approved', 'redeemed', 'recorded', 'requested', ''])(
    'is none where nothing was refused: %j',
    (result) => {
      expect(refusalOf(result)).toBeUndefined();
    },
  );
});
