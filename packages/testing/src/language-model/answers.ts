import { z } from 'zod';
import { said, type Asked, type Model, type Said } from './asked.ts';

const Script = z.array(
  z.strictObject({
    /** Part of the prompt or the system message that it answers; each when left out. */
    contains: z.string().default(''),
    text: z.string().optional(),
    finishReason: z.string().optional(),
    error: z.string().optional(),
    blocked: z.string().optional(),
  }),
);

/** The model of a stand-in: a function, which another process may replace by a list of answers (`POST /_control/answers`). */
export function createAnswers(first: Model) {
  let model = first;
  return {
    answer: (asked: Asked): Said => said(model(asked)),
    use: (other: Model): void => {
      model = other;
    },
    control: (body: unknown): void => {
      const script = Script.parse(body);
      model = (asked) => {
        const hit = script.find(({ contains }) => `${asked.system}\n${asked.prompt}`.includes(contains));
        return hit ? definedOf(hit) : first(asked);
      };
    },
  };
}

function definedOf({ text, finishReason, error, blocked }: z.infer<typeof Script>[number]): Said {
  return {
    ...(text === undefined ? {} : { text }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(error === undefined ? {} : { error }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}
