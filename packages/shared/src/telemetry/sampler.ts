import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { SamplerName } from './sampler-names.ts';

/**
 * Decides at the head of a trace whether it is recorded, as OpenTelemetry's settings describe it.
 *
 * @param ratio of the traces that are recorded, from 0 to 1
 */
export function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = rootOf(name, ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootOf(name: SamplerName, ratio: number): Sampler {
  if (name.endsWith('traceidratio')) return new TraceIdRatioBasedSampler(ratio);
  return name.endsWith('always_on') ? new AlwaysOnSampler() : new AlwaysOffSampler();
}
