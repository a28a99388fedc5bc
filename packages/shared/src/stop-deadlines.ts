export interface StopDeadlines {
  /** When an app gives up finishing its work and exits. */
  appMs: number;
  /** When the supervisor kills an app that is still there. */
  killAppMs: number;
  /** How long one store has before it is killed. */
  storeMs: number;
  /** When the supervisor kills whatever is left. */
  planeMs: number;
}

/**
 * Divides STOP_SECONDS, so that each part gives up before the part above it kills it.
 *
 * @param seconds how long the whole plane may take to stop
 */
export function stopDeadlines(seconds: number): StopDeadlines {
  const ms = seconds * 1_000;
  return { appMs: ms - 2_000, killAppMs: ms - 1_500, storeMs: ms * 0.6, planeMs: ms - 1_000 };
}
