// The token lives as long as the browser tab: never in an address, in local storage or in a cookie.
// A proxy may have several servers under one host name; none is to get another one's token.
const KEY = `flagstaff:token:${window.location.pathname}`;

export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function keepToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}
