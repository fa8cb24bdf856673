import type { Hono } from "hono";
import { html } from "hono/html";
import { type ProblemCode, problems } from "../problem.ts";
import type { Env } from "./env.ts";

/** What a problem's `type` URL resolves to. */
export function problemPage(code: ProblemCode): ReturnType<typeof html> {
  const { status, title } = problems[code];
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>${code} - Malipo</title>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>Code <code>${code}</code>, HTTP status ${status}.</p>
          <p>The answer's <code>detail</code> says what was wrong and what to do; <code>errors</code> names the fields. Quote <code>request_id</code> when you ask for help.</p>
        </main>
      </body>
    </html>
  `;
}

/** `/problems/{code}`: what the `type` of every problem resolves to. */
export function problemPageRoutes(app: Hono<Env>, _publicUrl: string): void {
  app.get("/problems/:code", (c) => {
    const code = c.req.param("code");
    if (!Object.hasOwn(problems, code)) return c.notFound();
    return c.html(problemPage(code as ProblemCode), 200, { "cache-control": "public, max-age=300" });
  });
}
