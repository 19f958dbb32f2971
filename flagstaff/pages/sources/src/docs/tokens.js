// A plugin of Swagger UI for the fields of tokens: they hide what is typed, and only the first one
// takes the focus.
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

// `adminToken` is shown as "Admin token".
function titleOf(name) {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}

// Leave only tokens in the header Authorization. The other ways to send one are for programs: one is
// the same token in another header, and one a ticket that stands in an address.
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
