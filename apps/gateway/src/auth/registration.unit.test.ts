import { expect, it } from 'vitest';
import { registrationOf } from './registration.ts';

it.each<[host: string, registration: string]>([
  ['127.0.0.1', 'open'],
  ['127.8.9.1', 'open'],
  ['localhost', 'open'],
  ['::1', 'open'],
  ['0.0.0.0', 'closed'],
  ['::', 'closed'],
  ['10.0.0.7', 'closed'],
  ['127.example.com', 'closed'],
  ['gateway', 'closed'],
])('[TASK-001] unset, registration on %s is %s', (host, registration) => {
  expect(registrationOf(undefined, host)).toBe(registration);
});

it('[TASK-001] is what is set, wherever the gateway listens', () => {
  expect(registrationOf('closed', '127.0.0.1')).toBe('closed');
  expect(registrationOf('open', '0.0.0.0')).toBe('open');
});
