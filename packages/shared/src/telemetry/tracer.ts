/** What W3C Trace Context hands on: in headers, in a job's options, in a row. */
export interface TraceCarrier {
  traceparent: string;
  tracestate?: string;
}

export type SpanAttributes = Record<string, string | number | boolean | undefined>;

export interface SpanOptions {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** Whose child it is, in place of the span that is active. What is no trace context is ignored. */
  parent?: Partial<TraceCarrier> | undefined;
  /**
   * It begins a trace when none is under way. Left out for what happens every few seconds without anybody having asked for it:
   * then it is only recorded as a part of something.
   */
  root?: true;
}

export interface Span {
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** @param reason a code, or the name of an error */
  fail(reason: string): void;
  /** For whoever is called next; undefined where nothing is recorded. */
  carrier(): TraceCarrier | undefined;
}

export interface Tracer {
  run<T>(name: string, options: SpanOptions, work: (span: Span) => T): T;
  /** A span that is over. Linked to the one that is active now. */
  record(
    name: string,
    span: { parent: TraceCarrier; start: Date; end: Date; attributes: SpanAttributes },
  ): void;
  /** Sends what is left, within a time of its own. Never throws. */
  stop(): Promise<void>;
}

const noSpan: Span = {
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  carrier: () => undefined,
};

let inUse: Tracer | undefined;

/** The process' tracer from here on; undefined ends it. */
export function useTracer(tracer: Tracer | undefined): void {
  inUse = tracer;
}

/** The tracer, where traces are sent somewhere: for what would cost something otherwise. */
export function activeTracer(): Tracer | undefined {
  return inUse;
}

/**
 * Runs something as a span of the trace that is under way. Without OTEL_EXPORTER_OTLP_ENDPOINT it only runs it. A failure is recorded by its
 * code, and thrown on.
 *
 * @param name few different ones: a route, a function, a method, never an id
 */
export function span<T>(name: string, options: SpanOptions, work: (span: Span) => T): T {
  return inUse === undefined ? work(noSpan) : inUse.run(name, options, work);
}

/** Records how long something took that nobody waited for in a process; times come from the database. */
export function recordSpan(name: string, recorded: Parameters<Tracer['record']>[1]): void {
  inUse?.record(name, recorded);
}
