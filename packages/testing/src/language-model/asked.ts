/** What a language model is asked, whatever service it runs on. */
export interface Asked {
  model: string;
  /** The system message or instruction; '' when there is none. */
  system: string;
  /** What the user says, all messages together. */
  prompt: string;
  maxTokens: number | undefined;
  /** The JSON schema of the answer, or true when JSON is wanted without one. */
  schema: Record<string, unknown> | boolean;
}

/** What a language model says, and how it ends. */
export interface Said {
  /** The text of the answer; JSON where a schema is asked for. */
  text?: string;
  /** In the service's own words: `length` at Groq, `SAFETY` at Gemini. */
  finishReason?: string;
  usage?: TokenCount | 'none';
  /** A row of the service's table of errors, by its name. */
  error?: string;
  /** Sent instead of an answer of the service's form. */
  raw?: unknown;
  /** The prompt is blocked, for this reason (Gemini). */
  blocked?: string;
}

export interface TokenCount {
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
}

/** The model: what it says to what it is asked. A string is a text that ends as it should. */
export type Model = (asked: Asked) => Said | string;

/** Says nothing that fits: the caller has to get along without it. */
export const unhelpful: Model = ({ schema }) =>
  schema === false ? 'The sources agree on the main points [1].' : '{"task":{"agent":"none","input":{}}}';

const charactersPerToken = 4;

export const said = (answer: Said | string): Said => (typeof answer === 'string' ? { text: answer } : answer);

/** What the answer says of tokens: as told, or counted from the text. */
export function tokensOf(asked: Asked, { usage, text = '' }: Said): TokenCount | undefined {
  if (usage === 'none') return undefined;
  const count = (value: string) => Math.ceil(value.length / charactersPerToken);
  return usage ?? { input: count(asked.system + asked.prompt), output: count(text) };
}
