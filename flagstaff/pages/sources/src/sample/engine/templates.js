// Stories name things as `{checkout}`; a run fills in the names and IDs that it knows.
const PLACEHOLDER = /\{(\w+)\}/g;

// Fill in a text. Placeholders of unknown values stay as they are.
export function fillText(text, values, encode = String) {
  return text.replace(PLACEHOLDER, (placeholder, name) =>
    name in values ? encode(values[name]) : placeholder,
  );
}

// Fill in each text inside a value. A text that is only a placeholder becomes the value itself.
export function fill(value, values) {
  if (typeof value === "string") {
    const [, only] = /^\{(\w+)\}$/.exec(value) ?? [];
    return only !== undefined && only in values ? values[only] : fillText(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [fillText(key, values), fill(item, values)]),
    );
  }
  return value;
}

export function fillPath(path, values) {
  return fillText(path, values, encodeURIComponent);
}
