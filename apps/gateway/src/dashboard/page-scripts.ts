import type { Hono } from 'hono';
import type { AppEnv } from '../app-env.ts';

// What a page knows of its session, in the storage of its own origin: other ports of this host have the cookie, but not this. The
// device's token stays when the session ends.
const names = `
const pageTokenName = 'actp_page_token';
const deviceTokenName = 'actp_device_token';
const tokenHeader = 'x-page-token';`;

const login = `${names}
const form = document.querySelector('form');
const showMessage = (text) => {
  const shown = document.querySelector('p[role=alert]') ?? form.insertAdjacentElement('beforebegin', document.createElement('p'));
  shown.setAttribute('role', 'alert');
  shown.textContent = text;
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const headers = { accept: 'application/json' };
  const device = localStorage.getItem(deviceTokenName);
  if (device !== null) headers['x-device-token'] = device;
  try {
    const answer = await fetch('/login', { method: 'POST', headers, body: new URLSearchParams(new FormData(form)) });
    const said = await answer.json();
    if (!answer.ok) return showMessage(said.message ?? said.detail);
    sessionStorage.setItem(pageTokenName, said.page_token);
    localStorage.setItem(deviceTokenName, said.device_token);
    new BroadcastChannel(pageTokenName).postMessage({ token: said.page_token });
    location.assign(said.next);
  } catch {
    showMessage('The gateway does not answer. Try again.');
  }
});`;

const logout = `${names}
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = sessionStorage.getItem(pageTokenName);
  sessionStorage.removeItem(pageTokenName);
  if (token !== null) await fetch('/logout', { method: 'POST', headers: { [tokenHeader]: token }, redirect: 'manual' });
  location.assign('/login');
});`;

// Before any script of the page itself. A new tab asks the others for the token (only pages of this origin hear it), and logs in when none
// answers.
const session = `${names}
let token = sessionStorage.getItem(pageTokenName);
const tabs = new BroadcastChannel(pageTokenName);
tabs.addEventListener('message', ({ data }) => {
  if (data.token === undefined) {
    if (token !== null) tabs.postMessage({ token });
    return;
  }
  sessionStorage.setItem(pageTokenName, data.token);
  if (token === null) location.reload();
  token = data.token;
});
const logIn = () => {
  sessionStorage.removeItem(pageTokenName);
  location.replace('/login?next=' + encodeURIComponent(location.pathname + location.search));
};
// Another tab may just have logged in anew, which it tells in a moment.
const refused = (shown) =>
  setTimeout(() => {
    if (token === shown) logIn();
    else location.reload();
  }, 500);
const isOurs = (url) => new URL(url, document.baseURI).origin === location.origin;
if (token === null) {
  tabs.postMessage({});
  setTimeout(() => {
    if (token === null) logIn();
  }, 300);
} else {
  const plainFetch = window.fetch;
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!isOurs(request.url)) return plainFetch(request);
    const shown = token;
    request.headers.set(tokenHeader, shown);
    const answer = await plainFetch(request);
    if (answer.status === 401) refused(shown);
    return answer;
  };
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    open.call(this, method, url, ...(rest.length === 0 ? [true] : rest));
    if (!isOurs(url)) return;
    const shown = token;
    this.setRequestHeader(tokenHeader, shown);
    this.addEventListener('load', () => {
      if (this.status === 401) refused(shown);
    });
  };
}`;

// In a block: a page's own scripts share one scope with these.
const scripts = { login, logout, session };

/** The element that loads one of the scripts. */
export const scriptTag = (name: keyof typeof scripts): string =>
  `<script src="/page/${name}.js"${name === 'session' ? '' : ' defer'}></script>`;

/** `/page/...`: what the login page and the dashboard run in the browser; the same for everybody. */
export function pageScriptRoutes(app: Hono<AppEnv>): void {
  for (const [name, script] of Object.entries(scripts)) {
    app.get(`/page/${name}.js`, (c) =>
      c.body(`{${script}\n}\n`, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    );
  }
}
