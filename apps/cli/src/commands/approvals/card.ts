import { z } from 'zod';
import { ApprovalHead } from '@actp/services/approvals/approval-head';
import { visibleText } from '@actp/shared/visible-text';
import type { OperatorClient } from '../../gateway/operator-client.ts';

const Card = z.object({ approval: ApprovalHead, card: z.string(), approvable: z.boolean() });
export type Card = z.output<typeof Card>;

/** The card as the gateway makes it. Nothing in it moves the cursor, whatever gateway that is. */
export async function readCard(client: OperatorClient, id: string): Promise<Card> {
  const read = await client.get(`/v1/approvals/${id}/card`, Card);
  return { ...read, card: visibleText(read.card) };
}
