import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';

/** Takes secrets out of every span on its way out, whoever made it. */
export function createRedactingExporter(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(redactSpan), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function redactSpan(span: ReadableSpan): ReadableSpan {
  const { message, code } = span.status;
  // The rest of a span, numbers and ids, is read through its prototype.
  return Object.create(span, {
    name: { value: redact(span.name) },
    attributes: { value: redactValue<Attributes>(span.attributes) },
    status: { value: message === undefined ? { code } : { code, message: redact(message) } },
    events: {
      value: span.events.map((event) => ({
        ...event,
        name: redact(event.name),
        ...(event.attributes && { attributes: redactValue(event.attributes) }),
      })),
    },
  }) as ReadableSpan;
}
