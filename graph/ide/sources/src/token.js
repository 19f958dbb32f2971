// The token lives as long as the browser tab: never in an address, in local storage or in a cookie.
const KEY = "flagstaff:token";

export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function keepToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}
