import { ModelError } from '@actp/providers/model/model-error';
import { addCosts, type ModelCost } from '@actp/providers/model/cost';
import type { Models } from '@actp/providers/model/models';
import { reasonsOf, type ScreeningReason } from '@actp/screening/reasons';
import { sanitize } from '@actp/screening/sanitize';
import { screen } from '@actp/screening/screen';
import { askModel, type Parsed } from './ask-model.ts';
import { NotUnderstood } from './not-understood.ts';
import { isOrdered } from './orders.ts';
import { isUnderstood, type Understood } from './reading.ts';
import { readSentence, whatCanBeAsked } from './sentences.ts';
import { areWritten } from './written-values.ts';

export interface IntentRequest {
  prompt: string;
  agents: readonly Parsed[];
  models: Models;
  signal: AbortSignal;
}

export interface Intent {
  agent: string;
  /** Fits the agent's schema. */
  input: unknown;
  /** `sentences`, or the name of the model that read it. */
  by: string;
  /** What reading it has cost: a fraction of a cent, see `ModelCost`. */
  costMinor: ModelCost;
  /** What the screening of the prompt has found; for the record, it decides nothing here. */
  findings: ScreeningReason[];
}

// The score from which a text is worth a look, as the screening defines it.
const worthALook = 0.5;
// A longer request is read by its words alone: a model would read it for money, and its end better than its beginning.
const longestForModel = 16_000;

/**
 * Reads what a person asks for.
 *
 * The known sentences need no model: they are read the same way each time, at no cost, and nobody can talk their reader round. What says
 * that it should not be carried out goes to no model either. All else is read by a model, where there is one, from the prompt without
 * what the screening has found in it; its answer is checked like a stranger's: the agent is registered, the input fits its schema
 * without another key, recipient, asset and quantity are what the person wrote, and so is the order where it has an effect outside.
 *
 * @throws NotUnderstood with what was not understood, and what can be asked for; the reason of the signal when that ends it
 */
export async function parseIntent({ prompt, agents, models, signal }: IntentRequest): Promise<Intent> {
  const screening = screen(prompt, { source: 'user' });
  const findings = screening.score < worthALook ? [] : reasonsOf(screening);
  const reading = readSentence(prompt, agents);
  const notUnderstood = (problem: string, costMinor: ModelCost) =>
    new NotUnderstood(`The task was not understood. ${problem} ${whatCanBeAsked(agents)}`, {
      costMinor,
      findings,
    });

  if (isUnderstood(reading)) {
    const fit = fitting(reading, agents);
    if ('problem' in fit) throw notUnderstood(fit.problem, 0);
    return { ...fit, by: 'sentences', costMinor: 0, findings };
  }
  if (reading.final || models.names.length === 0 || prompt.length > longestForModel || prompt.trim() === '') {
    throw notUnderstood(reading.problem, 0);
  }

  const { text } = sanitize(prompt, screening, { mode: 'remove' });
  let costMinor: ModelCost = 0;
  try {
    const answer = await askModel(models, agents, text, signal);
    costMinor = addCosts(costMinor, answer.costMinor);
    const fit = fitting(answer.value.task, agents);
    // What was taken out of the prompt counts as not written, and what stands there instead was not written either.
    const { input } = answer.value.task;
    const isMeant =
      areWritten(input, text) && areWritten(input, prompt) && isOrdered(answer.value.task.agent, prompt);
    if (!('problem' in fit) && isMeant) {
      return { ...fit, by: answer.model, costMinor, findings };
    }
  } catch (error) {
    // The process stops, or the task was cancelled: that says nothing about the prompt.
    signal.throwIfAborted();
    if (!(error instanceof ModelError)) throw error;
    throw notUnderstood(`${reading.problem} ${error.message}`, error.costMinor);
  }
  throw notUnderstood(reading.problem, costMinor);
}

/** The input as the agent takes it; a problem unless the agent is registered and the input is exactly what it takes. */
function fitting(
  { agent: name, input }: Pick<Understood, 'agent'> & { input: Record<string, unknown> },
  agents: readonly Parsed[],
): { agent: string; input: unknown } | { problem: string } {
  const agent = agents.find((one) => one.name === name);
  if (agent === undefined) return { problem: 'No agent here does that.' };
  const { data, error } = agent.input.safeParse(input);
  if (error !== undefined) {
    const fields = error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    return { problem: `It does not fit: ${fields.join('; ')}.` };
  }
  // A schema that drops unknown keys does not refuse them.
  const taken = typeof data === 'object' && data !== null ? Object.keys(data) : [];
  const unknown = Object.keys(input).some((key) => !taken.includes(key));
  return unknown ? { problem: 'It has more than the agent takes.' } : { agent: agent.name, input: data };
}
