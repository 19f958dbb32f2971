import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

import { showBar, showNotice } from "../shared/bar.js";
import { readDescription } from "../shared/server.js";
import { codeSamples } from "./samples.js";
import { keepHeaderTokens, tokenFields } from "./tokens.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

function followColourScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

// Called if the server no longer accepts a token: forgets the token and asks for another token.
function askToSignInAgain(ui) {
  const names = ui.authSelectors.authorized().keySeq().toArray();
  if (!names.length) {
    showNotice("This operation needs a token. Press Authorize.");
    return;
  }
  ui.authActions.logout(names);
  ui.authActions.showDefinitions(ui.authSelectors.definitionsToAuthorize());
  showNotice("The server does not accept this token; it may have expired. Sign in again.");
}

async function show() {
  showBar("docs");
  followColourScheme();
  dark.addEventListener("change", followColourScheme);
  let spec;
  try {
    spec = keepHeaderTokens(await readDescription());
  } catch (error) {
    showNotice(`The description of the API cannot be loaded. ${error.message}`);
    return;
  }
  const ui = SwaggerUI({
    spec,
    dom_id: "#swagger",
    presets: [SwaggerUI.presets.apis],
    plugins: [codeSamples, tokenFields],
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    // Swagger UI shows code samples as an extension of the operation.
    showExtensions: true,
    tryItOutEnabled: true,
    // Tokens are stored only in the memory of this page.
    persistAuthorization: false,
    withCredentials: false,
    validatorUrl: null,
    responseInterceptor(response) {
      if (response.status === 401) askToSignInAgain(ui);
      else if (response.ok) showNotice("");
      return response;
    },
  });
}

show();
