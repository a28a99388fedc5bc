import type { Job } from 'bullmq';
import type { SpanAttributes, TraceCarrier } from '../telemetry/tracer.ts';

/** The option of a job that carries its trace, where BullMQ's own telemetry has it too. */
export function traceOptions(carrier: TraceCarrier | undefined): { telemetry?: { metadata: string } } {
  return carrier === undefined ? {} : { telemetry: { metadata: JSON.stringify(carrier) } };
}

/** The trace that a job belongs to; undefined when it says none, as a scheduled one. */
export function traceOf({ opts }: Pick<Job, 'opts'>): Partial<TraceCarrier> | undefined {
  const metadata = opts.telemetry?.metadata;
  if (metadata === undefined) return undefined;
  try {
    const carrier: unknown = JSON.parse(metadata);
    // Whether it is well-formed is checked where it is read.
    return typeof carrier === 'object' && carrier !== null ? carrier : undefined;
  } catch {
    return undefined;
  }
}

export const jobAttributes = (queue: string, name: string): SpanAttributes => ({
  'messaging.system': 'bullmq',
  'messaging.destination.name': queue,
  'actp.job': name,
});
