import "./redoc.css";

import redoc from "redoc/bundles/redoc.standalone.js";

import { showBar, showNotice } from "../shared/bar.js";
import { readDescription, SERVER } from "../shared/server.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

const LIGHT = {
  page: "#f7f7f5",
  panel: "#ffffff",
  sunken: "#f1f1ee",
  text: "#17191b",
  muted: "#5c636a",
  line: "#e2e2de",
  accent: "#0a7553",
  bad: "#b3261e",
  warn: "#8a4b00",
};
const DARK = {
  page: "#0f1113",
  panel: "#16191c",
  sunken: "#0c0e10",
  text: "#eceef0",
  muted: "#9aa3ac",
  line: "#272b30",
  accent: "#43cf9c",
  bad: "#ff9b92",
  warn: "#f0b35c",
};
const SANS = "Inter, system-ui, -apple-system, 'Segoe UI', sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

function themeOf(colours) {
  const response = (color) => ({
    color,
    backgroundColor: colours.sunken,
    tabTextColor: color,
  });
  return {
    breakpoints: { medium: "60rem", large: "85rem" },
    colors: {
      primary: { main: colours.accent },
      success: { main: colours.accent },
      warning: { main: colours.warn },
      error: { main: colours.bad },
      gray: { 50: colours.sunken, 100: colours.line },
      text: { primary: colours.text, secondary: colours.muted },
      border: { dark: colours.line, light: colours.line },
      responses: {
        success: response(colours.accent),
        error: response(colours.bad),
        redirect: response(colours.warn),
        info: response(colours.muted),
      },
      http: {
        get: "#1f62b8",
        post: "#0a7553",
        put: "#7a3fb0",
        delete: "#b3261e",
      },
    },
    schema: {
      linesColor: colours.line,
      typeNameColor: colours.muted,
      typeTitleColor: colours.muted,
      requireLabelColor: colours.bad,
      nestedBackground: colours.sunken,
      arrow: { color: colours.muted },
    },
    typography: {
      fontSize: "14px",
      lineHeight: "1.55",
      fontFamily: SANS,
      headings: { fontFamily: SANS, fontWeight: "650" },
      code: {
        fontSize: "12.5px",
        fontFamily: MONO,
        color: colours.text,
        backgroundColor: colours.sunken,
        wrap: true,
      },
      links: { color: colours.accent, visited: colours.accent, hover: colours.accent },
    },
    sidebar: {
      backgroundColor: colours.panel,
      textColor: colours.text,
      activeTextColor: colours.accent,
      arrow: { color: colours.muted },
    },
    rightPanel: { backgroundColor: "#16191c", textColor: "#eceef0" },
    codeBlock: { backgroundColor: "#0c0e10" },
  };
}

function render(description) {
  const options = {
    // ReDoc's search runs in a worker with a blob URL, which the content security policy forbids.
    disableSearch: true,
    downloadUrls: [{ title: "openapi.json", url: new URL("openapi.json", SERVER).href }],
    expandResponses: "",
    hideLoading: true,
    jsonSampleExpandLevel: 4,
    scrollYOffset: "#bar",
    sortRequiredPropsFirst: true,
    theme: themeOf(dark.matches ? DARK : LIGHT),
  };
  const old = document.getElementById("reference");
  const place = old.cloneNode(false);
  old.replaceWith(place);
  redoc.init(description, options, place);
}

async function show() {
  showBar("redoc");
  try {
    const description = await readDescription();
    render(description);
    dark.addEventListener("change", () => render(description));
  } catch (error) {
    showNotice(`The reference cannot be shown. ${error.message}`);
  }
}

show();
