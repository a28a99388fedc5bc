import type { z } from 'zod';
import { AuditEvent } from '@actp/shared/audit/event';
import {
  isPlaneAction,
  isReservedName,
  planeActionRule,
  reservedNameRule,
} from '@actp/shared/names/reserved';

/** An event as a caller may write it: in nobody's name that is the plane's or a person's, and not in the plane's words. */
export const WrittenEvent = AuditEvent.superRefine(({ agent_id, action_type }, context) => {
  if (isReservedName(agent_id)) {
    context.addIssue({ code: 'custom', path: ['agent_id'], message: reservedNameRule });
  }
  if (isPlaneAction(action_type)) {
    context.addIssue({ code: 'custom', path: ['action_type'], message: planeActionRule });
  }
});
export type WrittenEvent = z.infer<typeof WrittenEvent>;
