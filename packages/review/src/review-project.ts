import { messageOf } from '@actp/shared/errors';
import { couldNotLook, type SourceReview } from './findings/source-review.ts';

/** One way of looking at something: a project, or the running plane. */
export interface Source<S> {
  name: string;
  /** It does not look at lock files, so that one that cannot be read does not concern it. */
  withoutLockFiles?: true;
  /** Whether it has anything to look at here. */
  applies: (state: S) => boolean;
  review: (state: S) => Promise<SourceReview> | SourceReview;
}

/** Has every source look, one after the other; one that fails is unavailable, and the others go on. */
export async function* reviewWith<S extends { signal: AbortSignal }>(
  sources: ReadonlyArray<Source<S>>,
  state: S,
): AsyncGenerator<SourceReview> {
  for (const source of sources) {
    state.signal.throwIfAborted();
    if (source.applies(state)) yield await attempt(source, state);
  }
}

async function attempt<S extends { signal: AbortSignal }>(
  { name, review }: Source<S>,
  state: S,
): Promise<SourceReview> {
  try {
    return await review(state);
  } catch (error) {
    state.signal.throwIfAborted();
    return couldNotLook(name, `it failed: ${messageOf(error)}`);
  }
}
