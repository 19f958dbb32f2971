const PATHS = {
  waiting: <circle cx="8" cy="8" r="5.5" />,
  running: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" />,
  passed: <path d="M3 8.5l3.2 3.2L13 5" />,
  failed: <path d="M4 4l8 8M12 4l-8 8" />,
  skipped: <path d="M4 8h8" />,
};

export function Icon({ status }) {
  return (
    <svg class={`icon ${status}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[status]}
    </svg>
  );
}
