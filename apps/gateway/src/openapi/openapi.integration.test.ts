import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);

interface Operation {
  operationId?: string;
  summary?: string;
  security?: Array<Record<string, string[]>>;
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, object> };
}

const answer = await fetch(`${gateway.url}/openapi.json`);
const description = (await answer.json()) as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation,
    name: `${method} ${path}`,
  })),
);

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(description.openapi).toBe('3.1.0');
    const result = await new Validator().validate({ ...structuredClone(description) });
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('is the one that stands in apps/gateway/openapi.json, so that a change of the API is seen in review', async () => {
    const text = `${JSON.stringify(description, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../openapi.json');
  });

  it('has an operation id for each route, and each of them once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names every route of the API that is served, and no other', () => {
    const served = gateway.app.routes
      .filter(
        ({ method, path }) =>
          method !== 'ALL' && (path.startsWith('/v1/') || /^\/(?:healthz|readyz|metrics)$/.test(path)),
      )
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ name }) => name).toSorted()).toEqual([...new Set(served)].toSorted());
    expect(operations.length).toBeGreaterThan(7);
  });

  it('is served by the router that matches all paths at once', () => {
    // One pattern that it cannot take (`/a/:x` beside `/a/b`) would make every request slower.
    expect(gateway.app.router.name).toBe('SmartRouter + RegExpRouter');
  });

  it('says of each which credential it needs; only health and logging in need none', () => {
    const open = operations
      .filter(({ operation }) => operation.security === undefined)
      .map(({ name }) => name);
    // The credential of an invitation is the code in its body; who registers has none yet.
    const own = ['post /v1/auth/accept-invite'];
    const logIn = ['post /v1/auth/login', 'post /v1/auth/register'];
    expect(open.toSorted()).toEqual(['get /healthz', 'get /readyz', ...own, ...logIn]);
    const schemes = new Set(Object.keys(description.components.securitySchemes));
    for (const { operation } of operations) {
      for (const way of operation.security ?? []) {
        for (const scheme of Object.keys(way)) expect(schemes).toContain(scheme);
      }
    }
  });

  it('describes every refusal as a problem, and every route in words', () => {
    for (const { name, path, operation } of operations) {
      expect([name, operation.summary?.length]).not.toEqual([name, undefined]);
      const expected = operation.security ? ['400', '401', '403', '429', '503'] : ['400', '429', '503'];
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(expected));
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const report = path === '/readyz' && status === '503';
        if (Number(status) >= 400 && !report) {
          expect([name, status, Object.keys(content ?? {})]).toEqual([
            name,
            status,
            ['application/problem+json'],
          ]);
        }
      }
    }
  });
});

describe('/docs', () => {
  const parts = [
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/docs/start.js',
    '/docs/favicon-32x32.png',
  ];

  it('is served whole from here', async () => {
    const page = await fetch(`${gateway.url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(new Set(named)).toEqual(new Set(parts));
    for (const path of parts) {
      const part = await fetch(`${gateway.url}${path}`);
      expect([part.status, path]).toEqual([200, path]);
      expect((await part.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
    const start = await (await fetch(`${gateway.url}/docs/start.js`)).text();
    // Else the page asks a validator on the internet.
    expect(start).toContain('validatorUrl: null');
  });

  it.each([
    'package.json',
    'index.html',
    '..%2fpackage.json',
    'constructor',
    '%2e%2e%2f',
    'swagger-ui.css%00',
  ])('shows nothing else of the package: %s', async (file) => {
    expect((await fetch(`${gateway.url}/docs/${file}`)).status).toBe(404);
  });
});
