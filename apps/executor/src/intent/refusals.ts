import { opensQuote } from './quotes.ts';
import { refused, type Problem } from './reading.ts';

const negation =
  /^(?:don['’]?t|do not|never|no longer|not|stop|cancel|avoid|refuse|under no circumstances|you (?:must|should|may|can) ?not|you mustn['’]?t|i (?:don['’]?t|do not) want)(?!\w)/i;
const question =
  /^(?:should|shall|may|might|must|do(?! some | research)|does|did|is|are|was|were|am|would|could|can|will) (?!you\b)\w/i;
const condition = /^(?:if|when|whenever|unless|once|after|before|as soon as|every|each|in case)\b/i;

/** Sentences that name a task without asking for it now: none of them is carried out. */
export function refusalOf(text: string): Problem | undefined {
  if (negation.test(text)) {
    return refused('It says what is not to be done. Write only what is to be done.');
  }
  if (opensQuote(text)) {
    return refused('It is in quotation marks, so it may be what somebody else said. Write it without them.');
  }
  if (question.test(text)) {
    return refused('It is a question, not a task. Write what is to be done.');
  }
  if (condition.test(text)) {
    return refused('It names a condition or a time. A task is done at once, when you ask for it.');
  }
  return undefined;
}

// A second task behind the first: a connecting word, and then an order with an object of its own.
const second =
  /(?:(?<!\w)(?:and|then|also|plus|afterwards|or)|[.;,!?\n]) {0,3}(?:(?:and|then|also|please|afterwards|next) {1,3}){0,3}(?:(?:send|forward|mail|email|e-mail|write|give|pay|transfer) (?:an? |the )?(?:e-?mail|mail|message|me|us|him|her|them|it|this|that|everything|results?|summary|money|[^\s@]{1,64}@)|(?:buy|purchase|order|sell|pay|transfer|get) (?:me |us )?(?:[$€£]?\.?\d|a |an |one |it|some |all |the )|(?:research|look up|find out)(?!\w))/i;

/** Whether a text goes on with an order for a second task: "... and email it to me". */
export const hasSecondTask = (text: string): boolean => second.test(text);

export const twoTasks = refused('It asks for more than one task. Ask for one at a time.');
