import "./theme.css";

import { readIndex, SERVER } from "./server.js";

const PAGES = [
  ["console", "Console"],
  ["graphql", "GraphiQL"],
  ["docs", "Try the API"],
  ["redoc", "Reference"],
  ["sample", "Sample"],
  ["guide", "Guide"],
];
const FLAG =
  '<svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">' +
  '<path d="M3 1v14" stroke="currentColor" stroke-width="2"/>' +
  '<path d="M4 2h10l-3 3 3 3H4z" fill="var(--accent)"/></svg>';

function link(address, text) {
  const anchor = document.createElement("a");
  anchor.href = new URL(address, SERVER);
  anchor.append(text);
  return anchor;
}

// Show the bar with links to the pages of this server; `current` is the open page. Returns the
// server's index, or undefined if the server does not answer.
export async function showBar(current) {
  const bar = document.getElementById("bar");
  const brand = link("./", "");
  brand.className = "brand";
  brand.innerHTML = FLAG;
  brand.append("Flagstaff");
  const navigation = document.createElement("nav");
  navigation.setAttribute("aria-label", "Pages");
  bar.append(brand, navigation);
  let index;
  try {
    index = await readIndex();
  } catch {
    return undefined;
  }
  for (const [name, title] of PAGES) {
    if (!(name in index.links)) continue;
    const anchor = link(index.links[name].replace(/^\//, ""), title);
    if (name === current) anchor.setAttribute("aria-current", "page");
    navigation.append(anchor);
  }
  return index;
}

// Show a sentence below the bar; an empty text removes the sentence.
export function showNotice(text) {
  document.querySelector(".notice")?.remove();
  if (!text) return;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  notice.append(text);
  document.getElementById("bar").after(notice);
}
