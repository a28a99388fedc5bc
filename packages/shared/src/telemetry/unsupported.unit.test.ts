import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { readPlaneSettings } from '../plane-settings.ts';
import { unsupportedTracing } from './unsupported.ts';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';
const keysOf = (environment: Record<string, string>) =>
  unsupportedTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, ...environment }).map(({ key }) => key);

describe('settings of OpenTelemetry that would mean something else here', () => {
  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', ['grpc', 'http/json', 'HTTP/PROTOBUF', 'http']],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', ['grpc']],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', ['zstd', 'GZIP', 'deflate']],
    ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', ['snappy']],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', ['0', '-1', '5001', '10s', '1e3', '60000']],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', ['authorization=Bearer%20abc']],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ['http://127.0.0.1:4318/v1/traces']],
    ['OTEL_TRACES_EXPORTER', ['none', 'console', 'zipkin', 'otlp,console']],
    ['OTEL_PROPAGATORS', ['b3', 'none', 'tracecontext,b3', 'jaeger']],
    ['OTEL_SDK_DISABLED', ['true', '1']],
  ])('%s is refused by its name, with what is taken', (name, values) => {
    for (const value of values) expect([value, keysOf({ [name]: value })]).toEqual([value, [name]]);
    for (const value of values) {
      const [problem] = unsupportedTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, [name]: value });
      expect(problem?.rule).toMatch(/^must (?:not )?be /);
    }
  });

  it.each([
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'none', OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'false' },
    { OTEL_PROPAGATORS: 'tracecontext, baggage', OTEL_EXPORTER_OTLP_TIMEOUT: '5000' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: ' ', OTEL_EXPORTER_OTLP_TIMEOUT: '' },
  ])('what is supported is taken: %j', (environment) => {
    expect(keysOf(environment)).toEqual([]);
  });

  it('do not matter where no traces are sent, but for an address that nobody would read', () => {
    expect(unsupportedTracing({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_PROPAGATORS: 'b3' })).toEqual([]);
    const alone = unsupportedTracing({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces',
    });
    expect(alone.map(({ key }) => key)).toEqual(['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  });

  it('are refused at the start, before anything runs', () => {
    const start = () =>
      readPlaneSettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow('OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf');
  });
});
