interface Rule {
  /** What is taken; undefined: nothing, the setting is not read. */
  taken?: RegExp;
  rule: string;
}

const compression: Rule = { taken: /^(?:none|gzip)$/, rule: 'must be none or gzip' };
const protocol: Rule = {
  taken: /^http\/protobuf$/,
  rule: 'must be http/protobuf: traces are sent in no other form',
};
const timeout: Rule = {
  taken: /^(?:[1-9]\d{0,2}|[1-4]\d{3}|5000)$/,
  rule: 'must be a whole number of milliseconds from 1 to 5000',
};
const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const ofTraces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';

/** OpenTelemetry's own settings that would mean something else here than they say. */
const rules: Readonly<Record<string, Rule>> = {
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_TIMEOUT: timeout,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: timeout,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: {
    rule: 'must not be set: set OTEL_EXPORTER_OTLP_HEADERS, which is treated as a secret',
  },
  [ofTraces]: { rule: `must not be set: set ${endpoint}, without /v1/traces` },
  OTEL_TRACES_EXPORTER: {
    taken: /^otlp$/,
    rule: `must be otlp; leave ${endpoint} unset for no traces`,
  },
  OTEL_PROPAGATORS: {
    taken: /^(?:tracecontext|tracecontext\s*,\s*baggage|baggage\s*,\s*tracecontext)$/,
    rule: 'must be tracecontext: no other headers are read or sent',
  },
  OTEL_SDK_DISABLED: {
    taken: /^false$/i,
    rule: `must be false; leave ${endpoint} unset for no traces`,
  },
};

/**
 * Settings of OpenTelemetry that are set to what is not supported here, where traces are sent. Without a receiver none of them matters.
 *
 * @param environment as it was given; an empty value counts as unset
 */
export function unsupportedTracing(
  environment: Readonly<Record<string, string | undefined>>,
): Array<{ key: string; rule: string }> {
  const valueOf = (key: string) => environment[key]?.trim() ?? '';
  if (valueOf(endpoint) === '' && valueOf(ofTraces) === '') return [];
  return Object.entries(rules).flatMap(([key, { taken, rule }]) => {
    const value = valueOf(key);
    return value === '' || taken?.test(value) === true ? [] : [{ key, rule }];
  });
}
