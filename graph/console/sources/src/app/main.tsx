import "./tokens.css";
import "./base.css";

import { createRoot } from "react-dom/client";

import { App } from "./App.tsx";
import { applyPreferences } from "./preferences.ts";

applyPreferences();

const page = document.getElementById("page");
if (page) createRoot(page).render(<App />);
