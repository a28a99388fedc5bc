/**
 * The life of a heal as one table. The SQL functions are what enforces it; a model test compares the two.
 */
export type HealPhase =
  | 'queued'
  /** The coding agent is reserved; the failing tests run once more. */
  | 'prepare'
  /** Everything is recorded; the coding agent has not been called. */
  | 'start'
  /** The call to the coding agent was sent; a second one must never be. */
  | 'sent'
  | 'wait'
  | 'verify'
  | 'healed'
  | 'not_healed'
  | 'skipped';

export type HealEvent =
  /** The coding agent is reserved for this heal. */
  | 'claim'
  /** What is needed to undo the agent's work is recorded. */
  | 'prepare'
  /** The intent to call the agent is recorded. */
  | 'send'
  /** The call was certainly not carried out. */
  | 'unsend'
  /** The agent has started, or may have. */
  | 'start'
  /** The agent has ended. */
  | 'end'
  | 'heal'
  | 'fail'
  | 'skip';

const transitions: Record<HealPhase, Partial<Record<HealEvent, HealPhase>>> = {
  queued: { claim: 'prepare', skip: 'skipped', fail: 'not_healed' },
  prepare: { prepare: 'start', skip: 'skipped', fail: 'not_healed' },
  start: { send: 'sent', fail: 'not_healed' },
  sent: { unsend: 'start', start: 'wait', fail: 'not_healed' },
  wait: { end: 'verify', fail: 'not_healed' },
  verify: { heal: 'healed', fail: 'not_healed' },
  healed: {},
  not_healed: {},
  skipped: {},
};

/** The phase after an event; undefined when it is not allowed there, and then nothing may change. */
export function nextPhase(phase: HealPhase, event: HealEvent): HealPhase | undefined {
  return transitions[phase][event];
}

/** Nothing happens any more. */
export function isFinalPhase(phase: HealPhase): boolean {
  return Object.keys(transitions[phase]).length === 0;
}

/** The one phase that a heal's columns describe. */
export function phaseOf(heal: {
  state: 'queued' | 'running' | 'healed' | 'not_healed' | 'skipped';
  step: 'queued' | 'prepare' | 'start' | 'wait' | 'verify' | 'report';
  sent_at: string | null;
}): HealPhase {
  const { state, step, sent_at } = heal;
  if (state === 'healed' || state === 'not_healed' || state === 'skipped') return state;
  if (step === 'report') throw new Error('a heal that has not ended cannot be at the step report');
  return step === 'start' && sent_at !== null ? 'sent' : step;
}
