import { bytesOf, numberOf, readFields, textOf, type Field } from './protobuf.ts';

type AttributeValue = string | number | boolean;

/** A span as a receiver sees it. Times are nanoseconds since 1970. */
export interface ReceivedSpan {
  service: string;
  name: string;
  kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  traceId: string;
  spanId: string;
  /** Empty for the root of a trace. */
  parentSpanId: string;
  start: bigint;
  end: bigint;
  attributes: Record<string, AttributeValue>;
  events: Array<{ name: string; attributes: Record<string, AttributeValue> }>;
  links: Array<{ traceId: string; spanId: string }>;
  status: 'unset' | 'ok' | 'error';
  statusMessage: string;
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

/**
 * Reads the body of a request to /v1/traces (opentelemetry/proto/collector/trace/v1, ExportTraceServiceRequest).
 *
 * @throws when it is not one
 */
export function readSpans(body: Uint8Array): ReceivedSpan[] {
  return bytesOf(readFields(body), 1).flatMap((resourceSpans) => {
    const fields = readFields(resourceSpans);
    const [resource] = bytesOf(fields, 1);
    const service = resource === undefined ? '' : attributesOf(readFields(resource), 1)['service.name'];
    return bytesOf(fields, 2)
      .flatMap((scopeSpans) => bytesOf(readFields(scopeSpans), 2))
      .map((span) => spanOf(readFields(span), String(service ?? '')));
  });
}

function spanOf(fields: readonly Field[], service: string): ReceivedSpan {
  const status = readFields(bytesOf(fields, 15)[0] ?? new Uint8Array());
  return {
    service,
    name: textOf(fields, 5),
    kind: kinds[Number(numberOf(fields, 6))] ?? 'unspecified',
    traceId: hexOf(fields, 1),
    spanId: hexOf(fields, 2),
    parentSpanId: hexOf(fields, 4),
    start: numberOf(fields, 7),
    end: numberOf(fields, 8),
    attributes: attributesOf(fields, 9),
    events: bytesOf(fields, 11)
      .map((event) => readFields(event))
      .map((event) => ({ name: textOf(event, 2), attributes: attributesOf(event, 3) })),
    links: bytesOf(fields, 13)
      .map((link) => readFields(link))
      .map((link) => ({ traceId: hexOf(link, 1), spanId: hexOf(link, 2) })),
    status: statuses[Number(numberOf(status, 3))] ?? 'unset',
    statusMessage: textOf(status, 2),
  };
}

const hexOf = (fields: readonly Field[], number: number) =>
  Buffer.from(bytesOf(fields, number).at(-1) ?? []).toString('hex');

function attributesOf(fields: readonly Field[], number: number): Record<string, AttributeValue> {
  return Object.fromEntries(
    bytesOf(fields, number)
      .map((pair) => readFields(pair))
      .map((pair) => [textOf(pair, 1), valueOf(readFields(bytesOf(pair, 2)[0] ?? new Uint8Array()))]),
  );
}

// AnyValue: string 1, bool 2, int 3, double 4; nothing else is sent by us.
function valueOf(fields: readonly Field[]): AttributeValue {
  const [field] = fields;
  if (field === undefined) return '';
  if (field.number === 1) return textOf(fields, 1);
  if (field.number === 2) return field.value === 1n;
  if (field.number === 3 && typeof field.value === 'bigint') return Number(BigInt.asIntN(64, field.value));
  if (field.number === 4 && typeof field.value === 'bigint') {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigUint64(0, field.value);
    return bytes.getFloat64(0);
  }
  throw new Error(`an attribute has a value of kind ${field.number}`);
}
