import { digestOf } from '@actp/shared/approvals/digest';
import type { PlannedEffect } from '../agents/agent.ts';

/**
 * The key of an effect is made of what it is for the business: of which task, to whom, what (as a digest), and which one of several that are
 * alike. Whoever plans it again gets the same key; a prompt that a person writes twice is two tasks.
 *
 * @param occurrence how many effects before it in the plan are the same
 */
function effectKey(taskId: string, { kind, meaning }: PlannedEffect, occurrence: number): string {
  const content = digestOf({ content: meaning.content });
  return `actp-${digestOf({ task: taskId, kind, to: meaning.to, content, occurrence })}`;
}

/** The keys of all effects of a plan. */
export function effectKeys(taskId: string, effects: readonly PlannedEffect[]): string[] {
  const seen = new Map<string, number>();
  return effects.map((effect) => {
    const first = effectKey(taskId, effect, 0);
    const occurrence = seen.get(first) ?? 0;
    seen.set(first, occurrence + 1);
    return effectKey(taskId, effect, occurrence);
  });
}
