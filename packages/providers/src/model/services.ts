import { createGoogle } from '@ai-sdk/google';
import { createGroq } from '@ai-sdk/groq';
import type { Service } from './attempt.ts';

/** The settings of language models, by their names in the environment. */
export interface ModelSettings {
  GROQ_API_KEY?: string | undefined;
  GROQ_BASE_URL: string;
  GROQ_MODEL: string;
  GEMINI_API_KEY?: string | undefined;
  GEMINI_BASE_URL: string;
  GEMINI_MODEL: string;
}

/** The services that there is a key for, in the order in which they are asked. */
export function servicesOf(env: ModelSettings): Service[] {
  const { GROQ_API_KEY: groqKey, GEMINI_API_KEY: geminiKey } = env;
  const services: Service[] = [];
  if (groqKey !== undefined) {
    services.push({
      name: 'groq',
      title: 'Groq',
      model: env.GROQ_MODEL,
      reasoning: env.GROQ_MODEL.startsWith('openai/gpt-oss') ? 'low' : undefined,
      connect: (fetch) => createGroq({ apiKey: groqKey, baseURL: env.GROQ_BASE_URL, fetch })(env.GROQ_MODEL),
    });
  }
  if (geminiKey !== undefined) {
    services.push({
      name: 'gemini',
      title: 'Gemini',
      model: env.GEMINI_MODEL,
      reasoning: /^gemini-(?:2\.5|3)/.test(env.GEMINI_MODEL) ? 'low' : undefined,
      connect: (fetch) =>
        createGoogle({ apiKey: geminiKey, baseURL: env.GEMINI_BASE_URL, fetch })(env.GEMINI_MODEL),
    });
  }
  return services;
}
