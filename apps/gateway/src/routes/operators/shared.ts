import { z } from '@hono/zod-openapi';
import { Operator as OperatorSchema } from '@actp/services/operators/operator';
import { namedSchema } from '../../http/named-schema.ts';
import { readableText } from '../../http/readable-text.ts';

export const Operator = namedSchema('Operator', OperatorSchema);

export const IdParam = z.object({ id: z.uuid('must be the id of an operator') });

export const Name = readableText(120, { oneLine: true }).refine((text) => text !== '', 'must not be empty');

export const operatorAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Operator } },
});
