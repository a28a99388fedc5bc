/** Everything that the plane has acknowledged, as whoever asked has noted it. */
export interface Ledger {
  /** Approvals by id, with the decision that was acknowledged. */
  approvals: Map<string, 'asked' | 'approved' | 'rejected' | 'redeemed'>;
  tasks: Set<string>;
  /** Ids of events that were accepted for the audit log. */
  events: Set<string>;
  /** Ids of self-test jobs that were accepted. */
  jobs: Set<string>;
  /** Requests without an answer, or with one that says no; nothing is promised for them. */
  refused: number;
}

export const createLedger = (): Ledger => ({
  approvals: new Map(),
  tasks: new Set(),
  events: new Set(),
  jobs: new Set(),
  refused: 0,
});

export const acknowledged = ({ approvals, tasks, events, jobs }: Ledger): number =>
  approvals.size +
  tasks.size +
  events.size +
  jobs.size +
  [...approvals.values()].filter((state) => state !== 'asked').length;
