import { useState } from "preact/hooks";

import { stepsOf } from "../engine/runner.js";
import { Icon } from "./Icon.jsx";
import { Step } from "./Step.jsx";

// `state` contains the results of the steps by number, the result of the removal, and the status.
export function Story({ story, state, number, disabled, onRun, onRemove }) {
  const steps = stepsOf(story);
  const [shown, setShown] = useState(false);
  const results = state?.results ?? [];
  const passed = results.filter((result) => result?.status === "passed").length;
  const expanded = shown || state?.status === "running" || state?.status === "failed";
  const list = `steps-${story.id}`;
  return (
    <article class={`panel story ${state?.status ?? ""}`} aria-labelledby={`title-${story.id}`}>
      <header>
        <span class="ordinal">{number}</span>
        <div class="about">
          <h2 id={`title-${story.id}`}>{story.title}</h2>
          <p>{story.summary}</p>
        </div>
        <button type="button" disabled={disabled} onClick={onRun}>
          Run<span class="hidden"> {story.title}</span>
        </button>
      </header>
      <div class="progress">
        <button
          type="button"
          class="link"
          aria-expanded={expanded}
          aria-controls={list}
          onClick={() => setShown(!expanded)}
        >
          {expanded ? "Hide" : "Show"} {steps.length} steps
          <span class="hidden"> of {story.title}</span>
        </button>
        {state && <Badge status={state.status} passed={passed} count={steps.length} />}
      </div>
      <div id={list} hidden={!expanded}>
        <ol class="steps">
          {steps.map((step, index) => (
            <Step key={index} step={step} result={results[index]} number={index + 1} />
          ))}
        </ol>
        {state?.removal && <Removal result={state.removal} disabled={disabled} onRemove={onRemove} />}
      </div>
    </article>
  );
}

function Badge({ status, passed, count }) {
  const text = {
    running: `${passed} of ${count} steps`,
    passed: "All steps passed",
    failed: `Failed after ${passed} steps`,
    skipped: "Skipped",
  }[status];
  return (
    <span class={`badge ${status}`}>
      <Icon status={status} />
      {text}
    </span>
  );
}

function Removal({ result, disabled, onRemove }) {
  const { status, problems = [], removed, left = [] } = result;
  return (
    <div class={`removal ${status}`}>
      <Icon status={status} />
      {status === "running" && <span>Removing what the story made</span>}
      {status === "passed" && <span>Removed everything the story made ({removed} objects)</span>}
      {status === "failed" && (
        <div>
          <p>Not everything could be removed. {problems.join(" ")}</p>
          <ul>
            {left.map(({ kind, name }) => (
              <li key={`${kind} ${name}`}>
                {kind} <code>{name}</code>
              </li>
            ))}
          </ul>
          <button type="button" class="small" disabled={disabled} onClick={onRemove}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}
