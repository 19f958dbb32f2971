import { readToken } from "./token.js";

// API tokens are written `project:environment.secret`.
const TOKENS = /[^\s"':.]+:[^\s"':.]+\.[\w-]{8,}/g;
const REMOVED = "(a token was here)";

function withoutTokens(text) {
  const token = readToken();
  return (token ? text.replaceAll(token, REMOVED) : text).replace(TOKENS, REMOVED);
}

// The storage of the editor: tabs, history, layout and theme. Tokens are removed from everything
// that is stored, even if a user has pasted one into a query.
export const memory = {
  get length() {
    return localStorage.length;
  },
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutTokens(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
};
