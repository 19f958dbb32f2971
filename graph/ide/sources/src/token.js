// The token is stored until the browser tab is closed, but never in an address, in local storage or
// in a cookie. The key contains the path, because a proxy may serve several servers under one host
// name, and a token must only be sent to its own server.
const KEY = `flagstaff:token:${window.location.pathname}`;

export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function keepToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}
