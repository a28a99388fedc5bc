import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Db } from '@actp/db/client';
import type { Effect } from '@actp/policy/decide';
import type { Producer } from '@actp/shared/jobs/producer';
import { addPlaneMetrics } from './plane-metrics.ts';
import { addQueueMetrics } from './queue-metrics.ts';
import { addReadinessMetrics } from './readiness-metrics.ts';
import type { Readiness } from './readiness.ts';
import { addTelegramMetrics } from './telegram-metrics.ts';

export interface Metrics {
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  /** A guard request was answered. */
  countDecision(effect: Effect): void;
  /** Prometheus' text format. */
  render(): Promise<{ contentType: string; text: string }>;
}

interface MetricsDeps {
  producer: Producer;
  db: Db;
  readiness: Readiness;
}

/** What a Prometheus server reads: this process and its requests, every queue, what is open in the database, and whether all parts answer. */
export function createMetrics({ producer, db, readiness }: MetricsDeps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'actp_http_request_duration_seconds',
    help: 'Requests answered by the gateway',
    labelNames: ['method', 'route', 'status'],
    // From a cached read to the 2 s within which everything is answered.
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  });
  const decisions = new Counter({
    name: 'actp_guard_decisions_total',
    help: 'Guard requests answered, by effect',
    labelNames: ['effect'],
    registers: [registry],
  });
  // There from the start, so that a rate of denials can be alerted on before the first one.
  for (const effect of ['allow', 'require_approval', 'deny'] as const) decisions.inc({ effect }, 0);
  addQueueMetrics(registry, producer);
  addPlaneMetrics(registry, db);
  addReadinessMetrics(registry, readiness);
  addTelegramMetrics(registry, db);
  // Finding the series by its labels costs more than counting in it. There are as many as routes and statuses.
  const series = new Map<string, ReturnType<typeof requests.labels>>();
  const seriesOf = (method: string, route: string, status: number) => {
    const key = `${status} ${method} ${route}`;
    const known = series.get(key) ?? requests.labels({ method, route, status: String(status) });
    series.set(key, known);
    return known;
  };
  return {
    observeRequest: (method, route, status, seconds) => seriesOf(method, route, status).observe(seconds),
    countDecision: (effect) => decisions.inc({ effect }),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
