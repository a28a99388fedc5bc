import { Gauge, type Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

/** What GET /readyz says, for a Prometheus server that scrapes nothing else. A part that is not configured has no value. */
export function addReadinessMetrics(registry: Registry, readiness: Readiness): void {
  new Gauge({
    name: 'actp_ready',
    help: '1 when a part answers (redis, supabase, workers, telegram), 0 when it does not',
    labelNames: ['check'],
    registers: [registry],
    async collect() {
      const { checks } = await readiness.report();
      this.reset();
      for (const [check, state] of Object.entries(checks)) {
        if (state !== 'off') this.set({ check }, state === 'ok' ? 1 : 0);
      }
    },
  });
}
