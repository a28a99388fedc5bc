import {
  ActpError,
  ApprovalExpired,
  ApprovalRejected,
  PolicyDenied,
  type ActpClient,
  type Approval,
} from '@actp/sdk';
import { action, createOutbox, details } from './example-action.ts';
import type { TerminalOutput } from './terminal-output.ts';

export interface DemoDeps {
  client: ActpClient;
  output: TerminalOutput;
  /** Tells the person how to decide. */
  showHowToDecide: (approval: Approval) => void;
  /** Identifies this run: another run is other work, which needs another approval. */
  workId: string;
  signal: AbortSignal;
}

/** Plays the demo: ask the policy, have a person decide, act once, be refused. @throws what the SDK throws */
export async function runDemo({ client, output, showHowToDecide, workId, signal }: DemoDeps): Promise<void> {
  const outbox = createOutbox();
  output.step(`An agent wants to send ${details.recipients} direct messages, so it asks`);
  try {
    const approval = await client.guard(
      action,
      details,
      (permit) => {
        showAllowed(output, permit.approval);
        output.step(
          permit.approval
            ? 'The agent redeems the approval and acts on what was shown'
            : 'The agent acts on what it asked about',
        );
        output.fact('grant', permit.grantId);
        for (const to of permit.details.to) outbox.send(to, permit.details.text);
        output.line(`sent ${outbox.sent.length} messages (simulated), then reports the outcome`, 'green');
        return permit.approval;
      },
      {
        workId,
        signal,
        cancelOnAbort: true,
        reason: 'summer campaign (demo)',
        resultToReport: () => ({ sent: outbox.sent.length }),
        onPending: (pending) => {
          showPending(output, pending);
          output.step('A person decides');
          showHowToDecide(pending);
          output.line('Waiting ... (Ctrl-C cancels the approval)', 'dim');
        },
      },
    );
    if (approval) {
      output.step('A second attempt is refused');
      await redeemAgain(client, output, approval);
    }
    output.line(`\nSent in total: ${outbox.sent.length}, once. Every step is in the audit log.`, 'bold');
  } catch (error) {
    if (error instanceof PolicyDenied) {
      output.line(`Denied by the policy (${error.rule}); nobody is asked.`, 'red');
      return;
    }
    if (!(error instanceof ApprovalRejected) && !(error instanceof ApprovalExpired)) throw error;
    const { decided_by, decision_reason } = error.approval;
    const why = decision_reason === null ? '' : ` (${decision_reason})`;
    output.line(decided_by === null ? 'Nobody decided in time.' : `Rejected by ${decided_by}${why}.`, 'red');
    output.line(`The agent sent ${outbox.sent.length} messages. It acts only with an approval.`);
  }
}

function showPending(output: TerminalOutput, approval: Approval): void {
  output.fact('action', approval.action);
  output.fact('recipients', `${details.recipients}: ${details.to.slice(0, 4).join(', ')}, ...`);
  output.fact('text', details.text);
  output.fact('approval', approval.id);
  output.fact('digest', approval.action_digest ?? '');
  output.fact('expires', `${approval.expires_at}; no answer means no`);
}

function showAllowed(output: TerminalOutput, approval: Approval | undefined): void {
  const who =
    approval === undefined
      ? 'Allowed by the policy of this plane, without a person.'
      : `Approved by ${approval.decided_by} at ${approval.decided_at}.`;
  output.line(who, 'green');
}

async function redeemAgain(client: ActpClient, output: TerminalOutput, { id }: Approval): Promise<void> {
  const more = { ...details, recipients: 2_500 };
  const attempts = [
    ['the same again', () => client.redeem(id, action, details)],
    ['2500 instead', () => client.redeem(id, action, more)],
  ] as const;
  for (const [name, redeem] of attempts) {
    const refusal = await redeem().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof ActpError) || refusal.problem === undefined) {
      throw new Error('the second attempt was not refused', { cause: refusal });
    }
    const { status, detail = '' } = refusal.problem;
    output.fact(name, `${status}: ${detail}  (${refusal.name}, ${refusal.code})`);
  }
}
