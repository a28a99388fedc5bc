import type { z } from 'zod';
import { Approval } from './approval-schema.ts';

/** An approval without its details, for readers that take those as text (see `exact-json.ts` in `packages/shared`). */
export const ApprovalHead = Approval.omit({ details: true });
export type ApprovalHead = z.output<typeof ApprovalHead>;
