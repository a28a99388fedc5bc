import { Gauge, type Registry } from 'prom-client';
import type { Db } from '@actp/db/client';
import { readHold } from '@actp/services/anchor/anchor-store';
import { readGauges, type Gauges } from '@actp/services/readiness/gauges';
import { taskStatuses } from '@actp/shared/tasks/state';
import { sharedRead } from './shared-read.ts';

interface PlaneGauge {
  name: string;
  help: string;
  /** Null: no value. */
  value: (gauges: Gauges) => number | null;
}

// An age of something that is not there is none: 0, so that a rule needs no special case.
const ages: readonly PlaneGauge[] = [
  {
    name: 'actp_approvals_pending',
    help: 'Approvals that wait for a person',
    value: (g) => g.approvals_pending,
  },
  {
    name: 'actp_approvals_oldest_seconds',
    help: 'Age of the oldest approval that waits; 0 when none does',
    value: (g) => g.approvals_oldest ?? 0,
  },
  {
    name: 'actp_notifications_oldest_seconds',
    help: 'Age of the oldest message that is not sent yet; 0 when none waits',
    value: (g) => g.notifications_oldest ?? 0,
  },
  {
    name: 'actp_audit_checkpoint_age_seconds',
    help: 'Age of the last signed checkpoint of the audit log; no value before the first. It grows while nothing is written',
    value: (g) => g.checkpoint_age,
  },
  {
    name: 'actp_audit_unsigned_oldest_seconds',
    help: 'Age of the oldest audit row of the last day that no checkpoint covers; 0 when there is none',
    value: (g) => g.unsigned_oldest ?? 0,
  },
  {
    name: 'actp_task_effects_unknown',
    help: 'Effects of which nobody knows whether they happened; an operator has to look',
    value: (g) => g.effects_unknown,
  },
  {
    name: 'actp_kill_switches_active',
    help: 'Scopes that an operator has stopped',
    value: (g) => g.kill_switches,
  },
  {
    name: 'actp_selftest_age_seconds',
    help: 'Age of the last self-test; no value before the first',
    value: (g) => g.self_test_age,
  },
  {
    name: 'actp_selftest_passed',
    help: '1 when the last self-test has passed, 0 when it has not; no value before the first',
    value: (g) => (g.self_test_passed === null ? null : Number(g.self_test_passed)),
  },
];

/** What the database knows of the plane's work; no value while it is away. */
export function addPlaneMetrics(registry: Registry, db: Db): void {
  new Gauge({
    name: 'actp_plane_held',
    help: '1 while nothing is released or decided, because the database may be an older copy; no value while it is away',
    registers: [registry],
    async collect() {
      const hold = await readHold(db).catch(() => undefined);
      this.remove();
      if (hold !== undefined) this.set(hold === null ? 0 : 1);
    },
  });
  const read = sharedRead(() => readGauges(db));
  for (const { name, help, value } of ages) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const gauges = await read();
        this.remove();
        const now = gauges === undefined ? null : value(gauges);
        if (now !== null) this.set(now);
      },
    });
  }
  new Gauge({
    name: 'actp_tasks',
    help: 'Tasks by status: those that are open, and those that ended in the last day',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const gauges = await read();
      this.reset();
      if (!gauges) return;
      // Every status, so that a rate can be taken before the first task.
      for (const status of taskStatuses) this.set({ status }, gauges.tasks[status] ?? 0);
    },
  });
}
