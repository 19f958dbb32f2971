// A plugin of Swagger UI for the input fields of tokens. The fields hide the typed text, and only
// the first field gets the focus.
export function tokenFields({ React }) {
  const { createElement: h, useEffect, useRef } = React;

  function TokenField({ schema, name, authorized, getComponent, onChange }) {
    const Markdown = getComponent("Markdown", true);
    const input = useRef(null);
    const isSet = Boolean(authorized?.getIn([name, "value"]));
    useEffect(() => {
      const fields = [...document.querySelectorAll(".token-field input")];
      if (fields[0] === input.current) input.current?.focus();
    }, []);
    return h(
      "div",
      { className: "token-field" },
      h("h4", null, h("label", { htmlFor: `token-${name}` }, titleOf(name))),
      h(Markdown, { source: schema.get("description") }),
      isSet
        ? h("p", null, "The token is set.")
        : h("input", {
            id: `token-${name}`,
            ref: input,
            type: "password",
            autoComplete: "off",
            spellCheck: false,
            onChange: (event) => onChange({ name, schema, value: event.target.value.trim() }),
          }),
    );
  }

  return { components: { apiKeyAuth: TokenField } };
}

// Returns the title of a security scheme. The title of `adminToken` is "Admin token".
function titleOf(name) {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}

// Removes all security schemes except tokens in the header Authorization. Only programs use the other
// schemes: the same token in another header, and a ticket in the address.
export function keepHeaderTokens(description) {
  const schemes = description.components?.securitySchemes ?? {};
  const kept = ([, scheme]) => scheme.in === "header" && scheme.name === "Authorization";
  description.components.securitySchemes = Object.fromEntries(Object.entries(schemes).filter(kept));
  const known = (requirement) =>
    Object.keys(requirement).every((name) => name in description.components.securitySchemes);
  for (const item of Object.values(description.paths)) {
    for (const operation of Object.values(item)) {
      if (operation.security) operation.security = operation.security.filter(known);
    }
  }
  return description;
}
