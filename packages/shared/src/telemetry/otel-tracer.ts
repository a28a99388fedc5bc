import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Context,
  type Link,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createRedactingExporter } from './redacting-exporter.ts';
import { samplerOf } from './sampler.ts';
import type { SamplerName } from './sampler-names.ts';
import type { Span, SpanOptions, TraceCarrier, Tracer } from './tracer.ts';

export interface OtelTracerOptions {
  /** The app. */
  service: string;
  /** Of an OTLP receiver, without a path for traces. */
  endpoint: string;
  sampler: SamplerName;
  ratio: number;
}

// What waits to be sent: with a receiver that is down the oldest 2048 spans (about 4 MB) are kept, and what comes then is dropped.
const maxQueueSize = 2_048;
// Soon enough that somebody who looks for a trace finds it.
const scheduledDelayMillis = 1_000;
const exportTimeoutMillis = 5_000;
// The app as a whole has STOP_SECONDS, of which its own stop may take nearly all.
const stopWithinMs = 1_000;

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Sends spans to an OTLP receiver, over HTTP, in batches and beside the work: a receiver that hangs or is down costs spans and nothing else.
 * OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT, _COMPRESSION and OTEL_RESOURCE_ATTRIBUTES are read by OpenTelemetry's own library.
 */
export function createOtelTracer(options: OtelTracerOptions): Tracer {
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces` });
  const provider = new TracerProvider({
    sampler: samplerOf(options.sampler, options.ratio),
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': options.service, 'service.namespace': 'actp-worker' })),
    spanLimits: { attributeValueLengthLimit: 1_024, attributeCountLimit: 32, eventCountLimit: 16 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: createRedactingExporter(exporter),
        maxQueueSize,
        scheduledDelayMillis,
        exportTimeoutMillis,
      }),
    ],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer('actp-worker');

  return {
    run: (name, spanOptions, work) => runSpan(tracer, name, spanOptions, work),
    record(name, { parent, start, end, attributes }) {
      const from = contextOf(parent);
      if (trace.getSpan(from) === undefined) return;
      const options = { startTime: start, attributes: defined(attributes), links: linksTo(from) };
      tracer.startSpan(name, options, from).end(end);
    },
    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, stopWithinMs);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
      contexts.disable();
      context.disable();
      propagation.disable();
    },
  };
}

function runSpan<T>(tracer: OtelTracer, name: string, options: SpanOptions, work: (span: Span) => T): T {
  const parent = options.parent === undefined ? context.active() : contextOf(options.parent);
  if (options.root !== true && trace.getSpan(parent) === undefined) return work(spanOf(undefined, parent));
  const attributes = defined(options.attributes ?? {});
  const otel = tracer.startSpan(
    name,
    { kind: kinds[options.kind ?? 'internal'], attributes, links: linksTo(parent) },
    parent,
  );
  const inside = trace.setSpan(parent, otel);
  const failed = (error: unknown): never => {
    fail(otel, reasonOf(error));
    otel.end();
    throw error;
  };
  try {
    const result = context.with(inside, () => work(spanOf(otel, inside)));
    if (!(result instanceof Promise)) {
      otel.end();
      return result;
    }
    const ended: Promise<unknown> = result.then((value: unknown) => {
      otel.end();
      return value;
    }, failed);
    // `T` is the promise that `work` has returned.
    return ended as T;
  } catch (error) {
    return failed(error);
  }
}

// A span of another trace than the one under way: the two can be found from each other.
function linksTo(parent: Context): Link[] {
  const active = trace.getActiveSpan()?.spanContext();
  return active === undefined || active.traceId === trace.getSpanContext(parent)?.traceId
    ? []
    : [{ context: active }];
}

function spanOf(otel: OtelSpan | undefined, inside: Context): Span {
  return {
    set: (attributes) => void otel?.setAttributes(defined(attributes)),
    rename: (name) => void otel?.updateName(name),
    fail: (reason) => void (otel && fail(otel, reason)),
    carrier: () => (otel === undefined ? undefined : carrierOf(inside)),
  };
}

function fail(otel: OtelSpan, reason: string): void {
  otel.setStatus({ code: SpanStatusCode.ERROR, message: reason });
  otel.setAttribute('error.type', reason);
}

/** A context of the trace that a carrier names; of none when it is not well-formed. */
function contextOf(carrier: Partial<TraceCarrier>): Context {
  return propagation.extract(ROOT_CONTEXT, carrier);
}

function carrierOf(inside: Context): TraceCarrier | undefined {
  const carrier: Partial<TraceCarrier> = {};
  propagation.inject(inside, carrier);
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

// Messages can hold what somebody sent; a code or a name cannot.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const defined = (attributes: Record<string, string | number | boolean | undefined>) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
