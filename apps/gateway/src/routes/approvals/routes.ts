import type { ServeRoute } from '../../http/serve-route.ts';
import type { AppDeps } from '../../app-deps.ts';
import { approvalCardRoute } from './card.ts';
import { cancelApprovalRoute } from './cancel.ts';
import { createApprovalRoute } from './create.ts';
import { decideApprovalRoute } from './decide.ts';
import { approvalEventsRoute } from './events.ts';
import { listApprovalsRoute } from './list.ts';
import { approvalOutcomeRoute } from './outcome.ts';
import { readApprovalRoute } from './read.ts';
import { redeemApprovalRoute } from './redeem.ts';
import { resolveApprovalRoute } from './resolution.ts';

/** Everything about approvals: asking and using them is for agents, deciding is for operators. */
export function approvalRoutes(serve: ServeRoute, deps: AppDeps): void {
  for (const route of [
    createApprovalRoute,
    readApprovalRoute,
    listApprovalsRoute,
    approvalCardRoute,
    approvalEventsRoute,
    decideApprovalRoute,
    redeemApprovalRoute,
    approvalOutcomeRoute,
    resolveApprovalRoute,
    cancelApprovalRoute,
  ]) {
    route(serve, deps);
  }
}
