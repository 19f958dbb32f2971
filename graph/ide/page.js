"use strict";
(() => {
  // The token lives in this tab: never in the address, in local storage or in the editor's headers.
  const TOKEN_KEY = "flagstaff:token";
  const field = document.getElementById("token");
  const state = document.getElementById("state");
  const editor = document.getElementById("editor");

  const TABS = [
    {
      query: `# All toggles with their state in each environment.
# Put an admin or a viewer token into the field above, then press the button with the triangle.
query Toggles {
  toggles(first: 20) {
    totalCount
    nodes {
      name
      description
      type {
        name
      }
      environments {
        environment {
          name
        }
        enabled
      }
    }
  }
}
`,
    },
    {
      query: `# Create a toggle, switched on; the variables below say which.
mutation CreateToggle($input: ToggleCreateInput!) {
  toggleCreate(input: $input) {
    toggle {
      id
      name
      enabled
    }
    errors {
      code
      message
      path
    }
  }
}
`,
      variables: `{
  "input": {
    "name": "my-first-toggle",
    "description": "Created in GraphiQL.",
    "enabled": true
  }
}
`,
    },
  ];

  async function send(operation) {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json",
    };
    const token = sessionStorage.getItem(TOKEN_KEY);
    if (token) headers.Authorization = token;
    const response = await fetch(window.location.pathname, {
      method: "POST",
      headers,
      body: JSON.stringify(operation),
      credentials: "omit",
    });
    const answer = await response.json();
    const codes = (answer.errors ?? []).map((error) => error.extensions?.code);
    if (codes.includes("UNAUTHENTICATED")) {
      state.textContent = token ? "The server does not know this token." : "Enter a token first.";
    } else if (response.status === 403) {
      state.textContent = "This token is not for this page.";
    } else {
      state.textContent = "";
    }
    return answer;
  }

  function showMissing() {
    editor.replaceChildren(document.getElementById("missing").content.cloneNode(true));
    document.getElementById("address").textContent = window.location.origin + window.location.pathname;
  }

  if (!(window.React && window.ReactDOM && window.GraphiQL)) {
    showMissing();
    return;
  }

  editor.replaceChildren();
  const root = ReactDOM.createRoot(editor);
  let logins = 0;

  function render() {
    // Another key makes the editor ask for the schema again, with the token there is now.
    root.render(
      React.createElement(GraphiQL, {
        key: logins,
        fetcher: send,
        defaultTabs: TABS,
        isHeadersEditorEnabled: false,
        shouldPersistHeaders: false,
        storage: sessionStorage,
      }),
    );
  }

  document.getElementById("login").addEventListener("submit", (event) => {
    event.preventDefault();
    const token = field.value.trim();
    if (token) sessionStorage.setItem(TOKEN_KEY, token);
    else sessionStorage.removeItem(TOKEN_KEY);
    logins += 1;
    render();
  });

  field.value = sessionStorage.getItem(TOKEN_KEY) ?? "";
  render();
})();
