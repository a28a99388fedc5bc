import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';

type Word = string | number;

interface Asked {
  command: string;
  keys: Word[];
  words: Word[];
}

/** A Redis that gives the answers of a test: to who counts (`beat`), to what was counted (`count`), and to all else. */
export function createAnsweringRedis() {
  const asked: Asked[] = [];
  const answers: Record<'beat' | 'leave' | 'count' | 'add' | 'del', () => unknown> = {
    // Others count as well, nobody alone.
    beat: () => [-1, 0, 0],
    leave: () => 1,
    count: () => [1, 60_000],
    add: () => 1,
    del: () => 1,
  };
  const names: Readonly<Record<string, keyof typeof answers>> = {
    actpPeersBeat: 'beat',
    actpPeersLeave: 'leave',
    actpCountAttempt: 'count',
    actpAddAttempts: 'add',
  };
  const answer = async (command: keyof typeof answers, keys: Word[], words: Word[]) => {
    asked.push({ command, keys, words });
    return answers[command]();
  };
  const redis = Object.assign(new EventEmitter(), {
    status: 'ready',
    del: (key: string) => answer('del', [key], []),
    defineCommand(name: string, { numberOfKeys }: { numberOfKeys: number }) {
      const command = names[name];
      if (command === undefined) throw new Error(`nobody answers ${name}`);
      const define = (...all: Word[]) => answer(command, all.slice(0, numberOfKeys), all.slice(numberOfKeys));
      Object.assign(redis, { [name]: define });
    },
  });
  return {
    redis: redis as typeof redis & Redis, // nothing else of it is used
    answers,
    asked,
    askedFor: (command: keyof typeof answers) => asked.filter((one) => one.command === command),
  };
}

export const away = () => Promise.reject(new Error('away'));
export const never = () => new Promise<never>(() => undefined);
