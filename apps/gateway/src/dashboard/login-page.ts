import { html, raw } from 'hono/html';
import { page } from './page.ts';
import { scriptTag } from './page-scripts.ts';

/**
 * The page where an operator logs in.
 *
 * @param next path to go to afterwards, already checked
 * @param failed the address that was tried before without success, if any
 * @param reason what to tell about it
 */
export function loginPage(next: string, failed?: string, reason = 'The address or the password is wrong.') {
  const message = html`<p role="alert">${reason}</p>`;
  const noScript = html`<noscript><p role="alert">The dashboard needs JavaScript.</p></noscript>`;
  return page(
    'Log in',
    html`<p>Log in as an operator.</p>
      ${failed === undefined ? '' : message} ${noScript}
      <form method="post" action="/login">
        <input type="hidden" name="next" value="${next}" />
        <label>
          E-mail
          <input
            name="email"
            type="email"
            autocomplete="username"
            value="${failed ?? ''}"
            required
            ${failed === undefined ? 'autofocus' : ''}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            ${failed === undefined ? '' : 'autofocus'}
          />
        </label>
        <button>Log in</button>
      </form>
      ${raw(scriptTag('login'))}`,
  );
}

/** The page where a person logs out: a form, since following a link must not change anything. */
export function logoutPage() {
  return page(
    'Log out',
    html`<p>Log out of this browser?</p>
      <form method="post" action="/logout"><button>Log out</button></form>
      ${raw(scriptTag('logout'))}`,
  );
}
