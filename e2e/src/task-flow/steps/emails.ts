import { checkEqual } from '../check.ts';
import type { Chapter } from '../step.ts';
import { ask, cardOf, decide, ended, waiting } from '../tasks.ts';
import type { World } from '../world.ts';

const sentence = (to: string) => `Send an email to ${to} with subject Lunch and say See you at noon`;

export const emails = ({ ann, operator, outside }: World): Chapter => ({
  title: 'E-mail',
  steps: [
    {
      name: 'approved',
      async run() {
        const to = 'approved@example.com';
        const { id, approval_id } = await waiting(ann, await ask(ann, sentence(to)));
        checkEqual(outside.mailsTo(to), 0, 'the number of mails before a person has said yes');
        const { action, details } = await cardOf(operator, approval_id);
        const { subject, text } = details;
        checkEqual([details['to'], subject, text], [to, 'Lunch', 'See you at noon'], 'what the card shows');
        await decide(operator, approval_id, 'approved');
        const { effects } = await ended(ann, id, 'succeeded');
        checkEqual(
          effects.map(({ state }) => state),
          ['done'],
          'the effects',
        );
        checkEqual(outside.mailsTo(to), 1, 'the number of mails');
        return `${action} waited for a person, who saw all of it; sent once, by the log of Resend’s stand-in`;
      },
    },
    {
      name: 'rejected',
      async run() {
        const to = 'rejected@example.com';
        const { id, approval_id } = await waiting(ann, await ask(ann, sentence(to)));
        await decide(operator, approval_id, 'rejected');
        const { error } = await ended(ann, id, 'rejected', 'approval_rejected');
        checkEqual(outside.mailsTo(to), 0, 'the number of mails');
        return `not sent; Ann reads “${error}”`;
      },
    },
    {
      name: 'cancelled',
      async run() {
        const to = 'cancelled@example.com';
        const { id, approval_id } = await waiting(ann, await ask(ann, sentence(to)));
        await ann.call(`/v1/tasks/${id}/cancel`, { method: 'POST', body: {}, expect: 200 });
        await ended(ann, id, 'cancelled', 'cancelled');
        await decide(operator, approval_id, 'approved', 409);
        checkEqual(outside.mailsTo(to), 0, 'the number of mails');
        return 'not sent; a yes that comes later is refused (409)';
      },
    },
  ],
});

export const lostAnswers = ({ ann, operator, outside }: World): Chapter => {
  const { faults } = outside.resend;

  /** A mail whose answer is lost, after which Resend refuses to say more. */
  async function unknownMail(to: string, happens: boolean) {
    const { id, approval_id } = await waiting(ann, await ask(ann, sentence(to)));
    faults.add({ kind: happens ? '5xx_after_effect' : '5xx_before_effect' });
    faults.add({ kind: '5xx_before_effect', status: 403 });
    await decide(operator, approval_id, 'approved');
    const { effects, error } = await ended(ann, id, 'failed', 'effect_unknown');
    checkEqual(
      effects.map(({ state }) => state),
      ['unknown'],
      'the effects',
    );
    checkEqual(outside.mailsTo(to), happens ? 1 : 0, 'the number of mails');
    const resolve = (happened: boolean, expect: number) =>
      operator.call(`/v1/tasks/${id}/effects/${effects[0]?.id}/resolution`, {
        method: 'POST',
        body: { happened },
        expect,
      });
    return { id, error, resolve };
  }

  return {
    title: 'Answers that are lost',
    steps: [
      {
        name: 'asked again',
        async run() {
          const to = 'lost@example.com';
          const { id, approval_id } = await waiting(ann, await ask(ann, sentence(to)));
          faults.add({ kind: '5xx_after_effect' });
          await decide(operator, approval_id, 'approved');
          const { effects } = await ended(ann, id, 'succeeded');
          checkEqual(
            effects.map(({ state }) => state),
            ['done'],
            'the effects',
          );
          checkEqual(outside.mailsTo(to), 1, 'the number of mails');
          return `Resend sent it and answered 500; ${effects[0]?.attempts} attempts under one key, sent once`;
        },
      },
      {
        name: 'unknown, and it had happened',
        async run() {
          const { id, error, resolve } = await unknownMail('unknown-1@example.com', true);
          await resolve(true, 200);
          await ended(ann, id, 'succeeded');
          await resolve(false, 409);
          return `Ann reads “${error}” The operator says that it happened: succeeded, and not sent again`;
        },
      },
      {
        name: 'unknown, and it had not',
        async run() {
          const { id, resolve } = await unknownMail('unknown-2@example.com', false);
          await resolve(false, 200);
          await ended(ann, id, 'failed', 'effect_not_done');
          checkEqual(outside.mailsTo('unknown-2@example.com'), 0, 'the number of mails');
          return 'the operator says that it did not: failed, and nothing is repeated';
        },
      },
    ],
  };
};
