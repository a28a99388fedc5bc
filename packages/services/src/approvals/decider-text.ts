import type { ApprovalHead } from './approval-head.ts';

/** Who decided, as people know them: by name where there is one, beside what the record says. */
export function deciderText({
  decided_by,
  decided_by_name,
}: Pick<ApprovalHead, 'decided_by' | 'decided_by_name'>): string {
  return decided_by === null ? '' : actorText(decided_by, decided_by_name);
}

/** `Ann (telegram:42)`: a name says little by itself, since people give themselves their names in Telegram. */
export function actorText(actor: string, name: string | null): string {
  return name === null || actor === `operator:${name}` ? actor : `${name} (${actor})`;
}
