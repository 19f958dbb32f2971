export function Coverage({ operations, called }) {
  const documented = operations?.all ?? [];
  const missing = documented.filter(({ id }) => !called.has(id));
  const count = documented.length - missing.length;
  return (
    <div class="coverage">
      <p id="coverage">
        <strong>{count}</strong> of <strong>{documented.length}</strong> documented operations called
      </p>
      <progress aria-labelledby="coverage" max={documented.length || 1} value={count} />
      {count > 0 && missing.length > 0 && (
        <details>
          <summary>Show the {missing.length} others</summary>
          <ul>
            {missing.map(({ id, summary }) => (
              <li key={id}>
                <code>{id}</code> {summary}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
