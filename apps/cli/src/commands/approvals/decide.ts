import { Approval } from '@actp/services/approvals/approval-schema';
import { shortId } from '@actp/services/approvals/card/card-facts';
import { CliError } from '../../cli-error.ts';
import { GatewayRefusal } from '../../gateway/problem.ts';
import type { OperatorClient } from '../../gateway/operator-client.ts';
import type { Prompts } from '../../prompts.ts';
import { readCard, type Card } from './card.ts';
import { stateText } from './texts.ts';

export type Decision = 'approved' | 'rejected';

export interface DecideOptions {
  decision: Decision;
  reason?: string | undefined;
  /** Does not ask, where that is allowed. */
  yes?: boolean | undefined;
}

export interface DecideDeps {
  client: OperatorClient;
  prompts: Prompts;
  /** Shows the card. */
  show(card: string): void;
}

const nothing = 'Nothing was decided.';

/**
 * Shows an approval, asks, and decides about exactly what was shown.
 *
 * @throws CliError when it is refused, or not confirmed
 */
export async function decide(deps: DecideDeps, id: string, options: DecideOptions): Promise<Approval> {
  const { client, prompts, show } = deps;
  const { decision, reason, yes = false } = options;
  const card = await readCard(client, id);
  const { approval } = card;
  show(card.card);
  if (approval.status !== 'pending')
    throw refused(`Too late: it is ${stateText(approval)}. Nothing has changed.`);
  assertPossible(card, options);
  if (!yes || isTyped(card, decision)) await confirm(prompts, card, decision);
  const unsure = `It is not known whether that was decided. Look: npm run approvals -- show ${shortId(id)}`;
  const body = { decision, action_digest: approval.action_digest, ...(reason !== undefined && { reason }) };
  try {
    return await client.post(`/v1/approvals/${id}/decision`, body, Approval, { outcome: nothing, unsure });
  } catch (error) {
    throw await withState(client, id, error);
  }
}

const isTyped = ({ approval }: Card, decision: Decision) => approval.critical && decision === 'approved';

function assertPossible(card: Card, { decision, yes = false }: DecideOptions): void {
  if (card.approval.action_digest === null) {
    throw refused(`It has just been inserted by another program. ${nothing}\nTry again in a moment.`);
  }
  if (decision === 'approved' && !card.approvable) {
    throw refused(
      `Not all of it can be shown, so it cannot be approved here. ${nothing}\nIt can be rejected.`,
    );
  }
  if (yes && isTyped(card, decision)) {
    throw refused(
      `It is critical: --yes does not approve it. ${nothing}\nLeave out --yes, and type its short id.`,
    );
  }
}

async function confirm(prompts: Prompts, card: Card, decision: Decision): Promise<void> {
  if (isTyped(card, decision)) {
    const typed = await prompts.ask('This is critical. Type its short id to approve it: ', nothing);
    if (typed.trim().toLowerCase() === shortId(card.approval.id)) return;
    throw refused(`That is not its short id. ${nothing}`);
  }
  const answer = await prompts.ask(decision === 'approved' ? 'Approve? [y/N] ' : 'Reject? [y/N] ', nothing);
  if (!/^(?:y|yes)$/i.test(answer.trim())) throw refused(nothing);
}

const refused = (message: string) => new CliError(message, { exitCode: 1 });

// "Already decided" is better said with by whom.
async function withState(client: OperatorClient, id: string, error: unknown): Promise<unknown> {
  if (!(error instanceof GatewayRefusal) || error.code !== 'conflict') return error;
  const card = await readCard(client, id).catch(() => undefined);
  if (card === undefined) return error;
  return refused(`Too late: it is ${stateText(card.approval)}. Nothing has changed.`);
}
