import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { createRedactingExporter } from './redacting-exporter.ts';

it('[SEC-020] a span leaves without secrets, its events included, whoever made it', () => {
  const key = ['actp', 'key', 'e'.repeat(64)].join('_');
  const text = `with ${key}`;
  const sent: ReadableSpan[] = [];
  const exporter = createRedactingExporter({
    export: (spans) => void sent.push(...spans),
    shutdown: () => Promise.resolve(),
  });
  const span = {
    name: text,
    attributes: { text },
    status: { code: 2, message: text },
    events: [
      { name: text, time: [1, 0], attributes: { text, n: 3 } },
      { name: 'bare', time: [2, 0] },
    ],
    droppedEventsCount: 4,
  };
  exporter.export([span as unknown as ReadableSpan], () => undefined); // what is looked at is all there
  const [clean] = sent;
  expect(JSON.stringify([clean?.name, clean?.attributes, clean?.status, clean?.events])).not.toContain(
    'eeee',
  );
  expect(clean?.name).toMatch(/^with \[redacted/);
  expect(clean?.events).toMatchObject([
    { name: clean?.name, time: [1, 0], attributes: { text: clean?.name, n: 3 } },
    { name: 'bare', time: [2, 0] },
  ]);
  expect(clean?.droppedEventsCount).toBe(4);
  expect(span.name).toBe(text);
});
