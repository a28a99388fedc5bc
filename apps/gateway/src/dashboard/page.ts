import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The frame of our own small pages; they work without JavaScript and need nothing from outside. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · actp-worker</title>
        <link rel="icon" href="data:," />
        <style>
          :root {
            color-scheme: light dark;
            font-family: system-ui, sans-serif;
          }
          body {
            min-height: 100vh;
            margin: 0;
            display: grid;
            place-items: center;
            background: Canvas;
            color: CanvasText;
          }
          main {
            width: min(20rem, 90vw);
          }
          h1 {
            font-size: 1.25rem;
            margin: 0 0 0.25rem;
          }
          p {
            margin: 0 0 1.25rem;
            opacity: 0.75;
          }
          p[role='alert'] {
            color: #c62828;
            opacity: 1;
          }
          label {
            display: block;
            margin: 0 0 0.9rem;
            font-size: 0.9rem;
          }
          input {
            box-sizing: border-box;
            width: 100%;
            margin-top: 0.3rem;
            padding: 0.55rem;
            font: inherit;
            border: 1px solid GrayText;
            border-radius: 6px;
            background: Field;
            color: FieldText;
          }
          button {
            width: 100%;
            padding: 0.6rem;
            font: inherit;
            font-weight: 600;
            border: 0;
            border-radius: 6px;
            background: #1f5fbf;
            color: #fff;
            cursor: pointer;
          }
          :focus-visible {
            outline: 3px solid #6ea8ff;
            outline-offset: 2px;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>actp-worker</h1>
          ${content}
        </main>
      </body>
    </html>`;
}
