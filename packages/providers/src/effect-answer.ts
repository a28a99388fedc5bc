/** What a service outside says of an effect that it was asked for, once. */
export type EffectAnswer =
  | EffectDone
  /** It has surely not happened, and the same request would be refused again. */
  | { state: 'not_done'; reason: string }
  /** It has surely not happened yet, and may be asked for again. */
  | { state: 'later'; reason: string; afterMs?: number | undefined }
  /** Nobody knows: the answer was lost, or says that the service does not know. */
  | UnknownEffect;

export interface EffectDone {
  state: 'done';
  /** The service's own id of what it has done. */
  reference: string;
  /** What is told to the person beside it; small, without secrets. */
  facts?: Record<string, string | number | boolean>;
}

export interface UnknownEffect {
  state: 'unknown';
  reason: string;
  /** The service promises that the same key and the same payload have the effect at most once: so it can be asked again. */
  again: boolean;
  afterMs?: number | undefined;
}
