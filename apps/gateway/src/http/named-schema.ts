import { z } from '@hono/zod-openapi';

/**
 * A schema of the domain with its name in the API description. It is made anew: only a schema that this library's z has made can
 * have a name.
 */
export const namedSchema = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) =>
  z.object(schema.shape).openapi(name);
