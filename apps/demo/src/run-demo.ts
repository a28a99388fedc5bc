import { ActpError, ApprovalExpired, ApprovalRejected, type ActpClient, type Approval } from '@actp/sdk';
import { action, createOutbox, details } from './bulk-message.ts';
import type { Story } from './story.ts';

export interface DemoDeps {
  client: ActpClient;
  story: Story;
  /** Tells the person how to decide. */
  showWays: (approval: Approval) => void;
  /** Names this run: another run is other work, which needs another approval. */
  workId: string;
  signal: AbortSignal;
}

/** Plays the demo: ask, decide, act once, be refused. Throws what hinders it. */
export async function runDemo({ client, story, showWays, workId, signal }: DemoDeps): Promise<void> {
  const outbox = createOutbox();
  story.step(`An agent wants to send ${details.recipients} direct messages, so it asks`);
  try {
    const approval = await client.guard(
      action,
      details,
      (permit) => {
        sayApproved(story, permit.approval);
        story.step('The agent redeems the approval and acts on what was shown');
        story.fact('grant', permit.grantId);
        for (const to of permit.details.to) outbox.send(to, permit.details.text);
        story.line(`sent ${outbox.sent.length} messages (pretended), then reports the outcome`, 'green');
        return permit.approval;
      },
      {
        workId,
        signal,
        cancelOnAbort: true,
        reason: 'summer campaign (demo)',
        resultToReport: () => ({ sent: outbox.sent.length }),
        onPending: (pending) => {
          sayAsked(story, pending);
          story.step('A person decides');
          showWays(pending);
          story.line('Waiting ... (Ctrl-C takes the question back)', 'dim');
        },
      },
    );
    story.step('A second try is refused');
    await tryAgain(client, story, approval);
    story.line(`\nSent in all: ${outbox.sent.length}, once. Every step is in the audit log.`, 'bold');
  } catch (error) {
    if (!(error instanceof ApprovalRejected) && !(error instanceof ApprovalExpired)) throw error;
    const { decided_by, decision_reason } = error.approval;
    const why = decision_reason === null ? '' : ` (${decision_reason})`;
    story.line(decided_by === null ? 'Nobody decided in time.' : `Rejected by ${decided_by}${why}.`, 'red');
    story.line(`The agent sent ${outbox.sent.length} messages. Silence and "no" are the same to it.`);
  }
}

function sayAsked(story: Story, approval: Approval): void {
  story.fact('action', approval.action);
  story.fact('recipients', `${details.recipients}: ${details.to.slice(0, 4).join(', ')}, ...`);
  story.fact('text', details.text);
  story.fact('approval', approval.id);
  story.fact('digest', approval.action_digest ?? '');
  story.fact('expires', `${approval.expires_at}; silence is a no`);
}

function sayApproved(story: Story, { decided_by, decided_at }: Approval): void {
  story.line(`Approved by ${decided_by} at ${decided_at}.`, 'green');
}

async function tryAgain(client: ActpClient, story: Story, { id }: Approval): Promise<void> {
  const more = { ...details, recipients: 2_500 };
  const tries = [
    ['the same again', () => client.redeem(id, action, details)],
    ['2500 instead', () => client.redeem(id, action, more)],
  ] as const;
  for (const [name, redeem] of tries) {
    const refusal = await redeem().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof ActpError) || refusal.problem === undefined) {
      throw new Error('a second try was not refused', { cause: refusal });
    }
    const { status, detail = '' } = refusal.problem;
    story.fact(name, `${status}: ${detail}  (${refusal.name}, ${refusal.code})`);
  }
}
