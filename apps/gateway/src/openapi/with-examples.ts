import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { examples } from './examples.ts';

type Description = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

/** The description with what `/docs` fills in: made from schemas alone, it would be words like "string", which no route takes. */
export function withExamples(description: Description): Description {
  for (const path of Object.values(description.paths ?? {})) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      const example = examples[operation?.operationId ?? ''];
      if (operation === undefined || example === undefined) continue;
      const { requestBody, parameters = [] } = operation;
      const media =
        requestBody !== undefined && 'content' in requestBody
          ? requestBody.content['application/json']
          : undefined;
      if (media !== undefined) media.example = example.body;
      for (const parameter of parameters) {
        if (!('name' in parameter)) continue;
        const value = example.parameters?.[parameter.name];
        if (value !== undefined) parameter.example = value;
      }
    }
  }
  return description;
}
