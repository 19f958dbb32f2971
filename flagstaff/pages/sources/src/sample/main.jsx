import "./page/sample.css";

import { render } from "preact";

import { showBar } from "../shared/bar.js";
import { App } from "./page/App.jsx";

render(<App index={showBar("sample")} />, document.getElementById("app"));
