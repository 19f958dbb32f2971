// A plugin of Swagger UI that shows `x-codeSamples` as tabs below the responses of an operation.
export function codeSamples({ React }) {
  const { createElement: h, useState } = React;

  function CodeSamples({ extensions }) {
    const samples = extensions.get("x-codeSamples")?.toJS() ?? [];
    const [chosen, choose] = useState(0);
    const [copied, setCopied] = useState(false);
    if (!samples.length) return null;
    const { source } = samples[chosen];
    const copy = async () => {
      await navigator.clipboard.writeText(source);
      setCopied(true);
    };
    return h(
      "section",
      { className: "code-samples", "aria-label": "Code samples" },
      h("div", { className: "opblock-section-header" }, h("h4", null, "Code samples")),
      h(
        "div",
        { className: "languages" },
        samples.map(({ lang, label }, index) =>
          h(
            "button",
            {
              key: label ?? lang,
              type: "button",
              "aria-pressed": index === chosen,
              onClick: () => {
                choose(index);
                setCopied(false);
              },
            },
            label ?? lang,
          ),
        ),
        navigator.clipboard &&
          h("button", { type: "button", className: "copy", onClick: copy }, copied ? "Copied" : "Copy"),
      ),
      h("pre", { tabIndex: 0 }, h("code", null, source)),
    );
  }

  return { components: { OperationExt: CodeSamples } };
}
