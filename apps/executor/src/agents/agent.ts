import type { EffectAnswer, EffectDone } from '@actp/providers/effect-answer';
import type { z } from 'zod';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

/**
 * Something that carries out one kind of task. An agent decides nothing: the executor asks the policy, a person where one is needed, and
 * the budget, and only then does `run` have an effect outside, through `ctx.perform`.
 */
export interface Agent<Input = unknown> {
  /** What `tools.allow` of the policy names. */
  name: string;
  /** One sentence, for the language model and for people whose task was not understood. */
  does: string;
  /** Sentences that a person may write. */
  examples: readonly string[];
  /** What the intent has to bring; what does not fit it is no task of this agent. */
  input: z.ZodType<Input>;
  /**
   * What it will cost at most, with what had to be looked up for it (a price, for instance). Reads only.
   *
   * @throws TaskError when that shows that the task cannot be done
   */
  estimateCost(input: Input, ctx: LookContext): Promise<Cost>;
  /** What it will do outside, in this order; [] when it only reads. Pure. */
  effects(input: Input, cost: Cost, ctx: { taskId: string }): readonly PlannedEffect[];
  /**
   * Does it. Called again from its beginning after a crash or a wait: what `ctx.perform` has done once, it only remembers.
   *
   * @throws TaskError with what the person is told
   */
  run(ctx: RunContext<Input>): Promise<AgentResult>;
}

/** What is known while a task is planned. */
interface LookContext {
  taskId: string;
  /** Ends when the task is cancelled, its time is over, or this process stops. */
  signal: AbortSignal;
}

export interface Cost {
  /** Minor units (cents). `unknown` counts as the most that the task may spend, never as nothing. */
  atMostMinor: number | 'unknown';
  /** What was looked up; stored with the plan, and given to `run`. */
  facts: JsonObject;
}

/** An effect outside before it happens: what a person is shown, and what makes it the same one however often it is planned. */
export interface PlannedEffect {
  kind: 'email' | 'payment';
  /** What the policy knows it as, for instance `email.send`. */
  action: string;
  /** The whole of it, as the card shows it: money and recipients first. The approval is bound to exactly this. */
  details: JsonObject;
  /** What it is for the business: recipient or payee, and what is digested of text or amount. The effect's key is made of it. */
  meaning: { to: string; content: Json };
}

export interface RunContext<Input> extends LookContext {
  input: Input;
  facts: JsonObject;
  /** Minor units; what the task may spend at most. */
  atMostMinor: number;
  /**
   * Has the effect at this place of `effects()`, at most once for the task, however often it is called. Waits and attempts that come
   * later leave `run` by an exception that it must not catch.
   *
   * @throws TaskError when it has not happened and will not
   */
  perform(index: number, effect: Performance): Promise<EffectDone>;
  /** Adds a step that the person sees, beside those of the executor. */
  step(name: string, facts: JsonObject): Promise<void>;
}

export interface Performance {
  /**
   * What is sent, made once, immediately before the effect is released, and then stored: every attempt sends the same. This is the place for
   * a last look, at a price for instance.
   *
   * @throws TaskError when that look says no: then nothing is released
   */
  prepare(): Promise<JsonObject>;
  /** One attempt. `key` is the same at every attempt, for the service's idempotency key. Never throws for what a service may do. */
  attempt(payload: JsonObject, key: string, signal: AbortSignal): Promise<EffectAnswer>;
  /** Asks the service whether it has happened, where it can be asked; undefined when it does not say. */
  lookUp?(payload: JsonObject, key: string, signal: AbortSignal): Promise<EffectAnswer | undefined>;
  /** How long after the first attempt the service still knows the key; later nothing is sent again. */
  keyKeptSeconds: number;
}

export interface AgentResult {
  /** What the person gets; JSON, at most 256 KiB. */
  result: JsonObject;
  /** What it really cost, in minor units; `unknown` counts as the most that was reserved. */
  costMinor: number | 'unknown';
}
