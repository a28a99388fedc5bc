import type { Approval } from '@actp/services/approvals/approval-schema';
import { shortId } from '@actp/services/approvals/card/card-facts';
import { CliError } from '../../cli-error.ts';
import type { OperatorClient } from '../../gateway/operator-client.ts';
import { GatewayRefusal } from '../../gateway/problem.ts';
import { pendingApprovals } from './approval-pages.ts';
import { readCard } from './card.ts';
import { jsonText, pendingLine, stateText } from './texts.ts';

/** Lines about what has changed since the last call: what is pending now, and what became of what is not any more. */
export function createPendingChanges(client: OperatorClient, json: boolean): () => Promise<string[]> {
  let known = new Map<string, Approval>();
  let first = true;
  let inTrouble = false;

  async function over(approval: Approval): Promise<string> {
    const { approval: now } = await readCard(client, approval.id);
    if (json) return jsonText({ event: 'over', approval: now });
    return `${shortId(now.id)}  ${now.action}: ${stateText(now)}`;
  }

  async function changes(): Promise<string[]> {
    const pending = await pendingApprovals(client);
    const now = new Map(pending.map((approval) => [approval.id, approval]));
    const changed = pending.filter(({ id, version }) => known.get(id)?.version !== version);
    const gone = [...known.values()].filter(({ id }) => !now.has(id));
    const lines = await Promise.all(gone.map(over));
    lines.push(
      ...changed.map((approval) => (json ? jsonText({ event: 'pending', approval }) : pendingLine(approval))),
    );
    if (first && !json && pending.length === 0) lines.push('No approvals are pending.');
    known = now;
    first = false;
    return lines;
  }

  return async () => {
    try {
      const lines = await changes();
      const back = inTrouble && !json ? ['The plane responds again.'] : [];
      inTrouble = false;
      return [...back, ...lines];
    } catch (error) {
      if (!isPassing(error)) throw error;
      const said = inTrouble || json ? [] : [`${error.message.split('\n')[0] ?? ''} Trying again.`];
      inTrouble = true;
      return said;
    }
  };
}

/** What goes over by itself: no answer, or one that says to come back. A session that has ended does not. */
function isPassing(error: unknown): error is CliError {
  return error instanceof GatewayRefusal
    ? error.status === 429 || error.status >= 500
    : error instanceof CliError;
}
