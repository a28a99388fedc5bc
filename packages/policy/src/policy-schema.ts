import { z } from 'zod';
import { Policy } from './policy.ts';

/**
 * The policy file's JSON Schema, for editors; `config/policy.schema.json` holds it (`npm run policy -- schema` writes it).
 * Whether a condition can be evaluated is beyond it.
 */
export function policySchema(): object {
  const schema = z.toJSONSchema(Policy, {
    io: 'input',
    target: 'draft-2020-12',
    override({ jsonSchema, path }) {
      // zod keeps to itself what a refinement says.
      if (path.join('/') === 'properties/gates/items') {
        const [approval, effect] = [{ required: ['approval'] }, { required: ['effect'] }];
        const neither = { not: { anyOf: [approval, effect] }, required: ['limit'] };
        jsonSchema.oneOf = [approval, effect, neither];
      }
      if (path.join('/') === 'properties/gates/items/properties/limit') {
        jsonSchema.oneOf = [{ required: ['sum'] }, { required: ['count'] }];
      }
    },
  });
  return { ...schema, title: 'actp-worker policy' };
}

/** The same as it stands in the file. */
export const policySchemaText = (): string => `${JSON.stringify(policySchema(), undefined, 2)}\n`;
