import "./tokens.css";
import "./base.css";

import { createRoot } from "react-dom/client";

import { App } from "./App.tsx";
import { guardHistory } from "./leaving.ts";
import { applyPreferences } from "./preferences.ts";

applyPreferences();
guardHistory();

const page = document.getElementById("page");
if (page) createRoot(page).render(<App />);
