import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { readDescription, SERVER } from "../../shared/server.js";
import { Operations } from "../engine/coverage.js";
import { newRun, StoryRun } from "../engine/runner.js";
import { STORIES } from "../stories/index.js";
import { Confirmation } from "./Confirmation.jsx";
import { Coverage } from "./Coverage.jsx";
import { storeMade } from "./leftovers.js";
import { Leftovers } from "./Leftovers.jsx";
import { readToken, storeToken, whoHolds } from "./session.js";
import { SignIn } from "./SignIn.jsx";
import { Story } from "./Story.jsx";

const EXPIRED = "The server does not accept the token any more; it may have expired. Sign in again.";

export function App({ index }) {
  const [session, setSession] = useState({ step: "checking" });
  const [operations, setOperations] = useState(null);
  const [problem, setProblem] = useState("");
  // Requests by method and path. Requests are stored, because some requests are sent before the
  // list of operations is loaded.
  const [sent, setSent] = useState(new Map());
  const [states, setStates] = useState({});
  const [running, setRunning] = useState(false);
  const [demo, setDemo] = useState(false);
  const [question, setQuestion] = useState(null);
  const [news, setNews] = useState("");
  const runs = useRef({});
  const confirmed = useRef(false);
  const stopped = useRef(false);

  const called = useMemo(() => {
    const found = [...sent.values()].map((request) => operations?.of(request)?.id);
    return new Set(found.filter(Boolean));
  }, [operations, sent]);

  const signIn = useCallback(async (token) => {
    try {
      const viewer = await whoHolds(token);
      storeToken(token);
      setSession({ step: "in", token, viewer });
    } catch (error) {
      storeToken("");
      setSession({ step: "out", problem: error.message });
    }
  }, []);

  useEffect(() => {
    signIn(readToken());
    index.then((found) => setDemo(found?.demo === true));
    readDescription().then(
      (description) => setOperations(new Operations(description)),
      () => setProblem("The description of the API cannot be loaded, so calls are not counted."),
    );
  }, []);

  useEffect(() => {
    if (!running) return undefined;
    const warn = (event) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [running]);

  function signOut(sentence = "") {
    storeToken("");
    setSession({ step: "out", problem: sentence });
  }

  function update(id, change) {
    setStates((old) => ({ ...old, [id]: { results: [], ...old[id], ...change } }));
  }

  // Shows the result of a step or of the removal.
  function report(id, step, result) {
    if (step === "removal") {
      update(id, { removal: { ...result } });
      return;
    }
    setStates((old) => {
      const results = [...(old[id]?.results ?? [])];
      results[step] = { ...result };
      return { ...old, [id]: { ...old[id], results } };
    });
  }

  async function runStory(story, run) {
    let lost = false;
    update(story.id, { status: "running", results: [], removal: null });
    const storyRun = new StoryRun(story, {
      server: SERVER,
      token: session.token,
      run,
      report(step, result) {
        report(story.id, step, result);
        if (result.signedOut) signOut(EXPIRED);
        lost ||= Boolean(result.signedOut || result.unreachable);
      },
      onMade: (objects) => storeMade(run, story.id, objects),
      onRequest(request) {
        const [path] = request.path.split("?");
        setSent((old) => new Map(old).set(`${request.method} ${path}`, request));
      },
    });
    runs.current[story.id] = storyRun;
    const passed = await storyRun.run();
    update(story.id, { status: passed ? "passed" : "failed" });
    setNews(`${story.title}: ${passed ? "all steps passed" : "failed"}.`);
    return !lost;
  }

  async function runAll(stories) {
    if (!demo && !confirmed.current) {
      confirmed.current = await new Promise((resolve) => setQuestion(() => resolve));
      setQuestion(null);
      if (!confirmed.current) return;
    }
    setRunning(true);
    stopped.current = false;
    const run = newRun();
    let reachable = true;
    for (const story of stories) {
      if (reachable && !stopped.current) reachable = await runStory(story, run);
      else update(story.id, { status: "skipped", results: [], removal: null });
    }
    setRunning(false);
  }

  function stop() {
    stopped.current = true;
    for (const run of Object.values(runs.current)) run.stop();
  }

  async function removeAgain(story) {
    setRunning(true);
    await runs.current[story.id].removeAgain(session.token);
    setRunning(false);
  }

  const ready = session.step === "in" && !running;
  return (
    <>
      <div class="intro">
        <h1>Sample application</h1>
        <p>
          Eight stories call every documented operation of this server, step by step. Each step shows
          the request as a curl command, the answer, and whether it is as expected.
        </p>
        <p class="hint">
          The stories work in a project of their own, <code>sample</code>, with names that begin with{" "}
          <code>sample-</code>. They make tokens of their own and revoke them, and remove everything
          that they made, also after a failure. The audit log keeps the events.
        </p>
      </div>
      <Leftovers token={session.token} disabled={!ready} />
      {session.step === "out" && <SignIn problem={session.problem} onToken={signIn} />}
      <div class="panel controls">
        <div class="buttons">
          <button class="primary" type="button" disabled={!ready} onClick={() => runAll(STORIES)}>
            Run all
          </button>
          {running && (
            <button type="button" onClick={stop}>
              Stop
            </button>
          )}
        </div>
        <Coverage operations={operations} called={called} />
        {session.step === "in" && (
          <p class="who">
            {whoText(session.viewer)}{" "}
            {session.token && (
              <button type="button" class="link" disabled={running} onClick={() => signOut()}>
                Sign out
              </button>
            )}
          </p>
        )}
        {problem && <p class="problem">{problem}</p>}
      </div>
      <p class="hidden" role="status">
        {news}
      </p>
      {STORIES.map((story, position) => (
        <Story
          key={story.id}
          story={story}
          number={position + 1}
          state={states[story.id]}
          disabled={!ready}
          onRun={() => runAll([story])}
          onRemove={() => removeAgain(story)}
        />
      ))}
      {question && <Confirmation onAnswer={question} />}
    </>
  );
}

function whoText({ actor, tokenType }) {
  return tokenType ? `Signed in as ${actor.name}.` : "This server needs no token.";
}
