import { useState } from "preact/hooks";

import { SERVER } from "../../shared/server.js";
import { curlOf, pretty } from "../engine/requests.js";
import { Icon } from "./Icon.jsx";

const WORDS = {
  waiting: "not run",
  running: "running",
  passed: "passed",
  failed: "failed",
  skipped: "skipped",
};

export function Step({ step, result, number }) {
  const status = result?.status ?? "waiting";
  const [open, setOpen] = useState(false);
  return (
    <li class={`step ${status}`}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon status={status} />
          <span class="number">{number}</span>
          <span class="title">
            {step.title}
            <span class="hidden">, {WORDS[status]}</span>
          </span>
          <span class="call">{callOf(step, result)}</span>
          <span class="outcome">{outcomeOf(result)}</span>
        </summary>
        {open && <Details step={step} result={result} />}
      </details>
      {status === "failed" && <p class="verdict bad">{result.problem}</p>}
    </li>
  );
}

function callOf(step, result) {
  if (step.listen) return "next event";
  return `${step.method} ${result?.request?.path ?? step.path}`;
}

function outcomeOf(result) {
  const status = result?.answer?.status;
  if (result?.duration_ms === undefined) return "";
  return [status, `${result.duration_ms} ms`].filter(Boolean).join(" · ");
}

function Details({ step, result }) {
  const { request, answer, status } = result ?? {};
  return (
    <div class="details">
      {step.why && <p class="why">{step.why}</p>}
      <p class={`verdict ${status === "passed" ? "good" : ""}`}>
        {status === "passed" ? "" : "Expected: "}
        {step.expected}
      </p>
      {request && <Code title="Request" text={curlOf(request, SERVER)} />}
      {answer && <Code title={answerTitle(answer)} text={answerText(answer)} />}
      {!request && !answer && <p class="hint">Run the story to see the request and the answer.</p>}
    </div>
  );
}

function answerTitle(answer) {
  return answer.event ? `Event ${answer.event.event}` : `Answer ${answer.status}`;
}

function answerText({ event, text, headers }) {
  const lines = [];
  for (const name of ["etag", "location", "content-type"]) {
    if (headers?.[name]) lines.push(`${name}: ${headers[name]}`);
  }
  const body = event ? pretty(event.data) : pretty(text);
  return [...lines, ...(lines.length && body ? [""] : []), body].join("\n").trim() || "(no body)";
}

function Code({ title, text }) {
  const [copied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }

  return (
    <section class="code" aria-label={title}>
      <header>
        <h4>{title}</h4>
        {navigator.clipboard && (
          <button type="button" class="small" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </button>
        )}
      </header>
      <pre tabindex={0}>{text}</pre>
    </section>
  );
}
