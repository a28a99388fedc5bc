import type { z } from 'zod';
import { parseConfig } from '@actp/shared/config';
import { ConfigError } from '@actp/shared/errors';
import { settings } from '@actp/shared/settings';

export type SettingName = keyof typeof settings;

/** Settings as they will be: what is set, and what was answered. */
export interface Draft {
  /** The value in force; undefined when it is not set. */
  get(name: SettingName): string | undefined;
  /** @param value null: no longer set */
  set(name: SettingName, value: string | null): void;
  changes(): ReadonlyMap<string, string | null>;
}

export function createDraft(values: Readonly<Record<string, string>>): Draft {
  const changes = new Map<string, string | null>();
  const before = (name: string) => values[name]?.trim() || undefined;
  return {
    get: (name) => (changes.has(name) ? (changes.get(name) ?? undefined) : before(name)),
    set(name, value) {
      if ((value ?? undefined) === before(name)) changes.delete(name);
      else changes.set(name, value);
    },
    changes: () => changes,
  };
}

/** Why a text cannot be the value of a setting, by its rule; undefined when it can. */
export function settingProblem(name: SettingName, text: string): string | undefined {
  try {
    const schema: z.ZodType = settings[name];
    parseConfig({ [name]: schema }, { [name]: text });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems[0]?.rule ?? 'is not valid';
    throw error;
  }
}
