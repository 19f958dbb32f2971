// Stories contain placeholders such as `{checkout}`. A run replaces them with names and IDs.
const PLACEHOLDER = /\{(\w+)\}/g;

// Replaces the placeholders in a text. Placeholders without a known value remain.
export function fillText(text, values, encode = String) {
  return text.replace(PLACEHOLDER, (placeholder, name) =>
    name in values ? encode(values[name]) : placeholder,
  );
}

// Replaces the placeholders in all texts inside a value. A text that consists of one placeholder
// becomes the value of the placeholder, which may be of any type.
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
