import type { Chapter } from '../step.ts';
import type { People } from '../world.ts';

export const accounts = ({ ann, bob, operator }: People): Chapter => ({
  title: 'People',
  steps: [
    {
      name: 'register',
      async run() {
        await ann.register();
        await bob.register();
        await ann.register(409);
        return `${ann.email} and ${bob.email}; the same address again is refused (409)`;
      },
    },
    {
      name: 'log in',
      async run() {
        await Promise.all([ann, bob, operator].map((person) => person.logIn()));
        return `two users, and ${operator.email} who decides`;
      },
    },
    {
      name: 'a task needs a user',
      async run() {
        await operator.call('/v1/tasks', { method: 'POST', body: { prompt: 'Research tides' }, expect: 403 });
        return 'an operator decides and does not ask (403)';
      },
    },
  ],
});
