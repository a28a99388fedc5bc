import { expect, it } from 'vitest';
import { coversKnown } from './scope-suggestions.ts';

const actions = ['email.*', 'ads.deploy', 'stripe.charge'];

it.each([
  ['action:email.*', true],
  ['action:email.send', true],
  ['action:email:send', true],
  ['action:*', true],
  ['action:ads.deploy', true],
  ['action:ads*', true],
  ['action:emails', false],
  ['action:ads.deploys', false],
  ['action:dm.*', false],
])('[SEC-012] %s covers an action that the policy names: %s', (scope, known) => {
  expect(coversKnown(scope, actions)).toBe(known);
});
