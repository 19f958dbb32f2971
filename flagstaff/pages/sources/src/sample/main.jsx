import { showBar } from "../shared/bar.js";

showBar("sample");
