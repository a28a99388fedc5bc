import type { OutsideServices } from './outside-services.ts';
import type { Person } from './person.ts';

/** Who takes part. Ann asks for tasks, Bob is another user, the operator decides. */
export interface People {
  ann: Person;
  bob: Person;
  operator: Person;
}

export interface World extends People {
  outside: OutsideServices;
}
