/* Saves what is typed into a step within 10 seconds, on leaving a box and on leaving the page, and says when it could not.
   Never while an input method composes; nothing is sent when nothing changed; a screen reader hears of trouble and its end only. */
const QUIET = 2_000;
const AT_LATEST = 7_000;
const AGAIN = 5_000;
const RARELY = 30_000;

export function start(note) {
  if (document.getElementById("two-versions")) return; // which of the two to keep is for a person to say, by a button
  const seen = document.getElementsByName("seen")[0];
  const form = seen.form;
  const words = note.dataset;
  const trouble = document.getElementById("unsaved");
  let [turn, tries, since, timer, busy, composing, over] = [0, 0, 0, 0, false, false, false];

  const typed = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    return data;
  };
  const text = (data) => JSON.stringify([...data].filter(([name]) => name !== "csrf_token" && name !== "turn"));
  const restored = [...form.elements].some((one) => one.type === "checkbox" || one.type === "radio"
    ? one.checked !== one.defaultChecked
    : one.type !== "file" && one.defaultValue !== undefined && one.value !== one.defaultValue);
  let kept = restored ? "" : text(typed());
  const changed = () => !over && text(typed()) !== kept;

  const plan = (wait = QUIET) => {
    clearTimeout(timer);
    since ||= Date.now();
    timer = setTimeout(save, Math.max(0, tries ? wait : Math.min(wait, since + AT_LATEST - Date.now())));
  };
  const say = (message) => { if (trouble.textContent !== message) trouble.textContent = message; };
  const saved = (at, data) => {
    kept = text(data);
    note.querySelector("[data-at]").textContent = `（${words.last} ${at}）`;
    [since, tries] = [0, 0];
  };

  async function renewToken() {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("[name=csrf_token]");
    if (token) form.elements.csrf_token.value = token.value;
  }

  const post = (data, small) => fetch(`${form.action}/typed`,
    { method: "POST", body: data, redirect: "manual", keepalive: small, signal: AbortSignal.timeout(20_000) });

  async function send(data, small) {
    const answer = await post(data, small);
    if (answer.status !== 400 || over) return answer;
    await renewToken();
    data.set("csrf_token", form.elements.csrf_token.value);
    return post(data, small);
  }

  async function take(answer, data) {
    const told = answer.ok || answer.status === 401 ? await answer.json().catch(() => null) : null;
    if (told) saved(told.at, data);
    if (answer.ok) return say(trouble.textContent && trouble.textContent !== words.fine ? words.fine : "");
    if (told) return say(words.idle);
    tries += 1;
    if (answer.status === 409) {
      over = true;
      return say(words.stale);
    }
    return say(answer.status === 401 || answer.status === 404 ? words.gone : words.offline);
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    if (!changed() || (!leaving && (busy || composing))) return;
    const data = typed();
    const small = text(data).length < 15_000; // what may outlive the page is limited to 64 kB
    data.set("turn", turn = Math.max(turn + 1, Date.now()));
    busy = true;
    try {
      await take(await send(data, small), data);
    } catch {
      tries += 1;
      say(words.offline);
    }
    busy = false;
    if (changed()) plan(tries ? Math.min(AGAIN * tries, RARELY) : QUIET);
  }

  note.querySelector("[data-how]").textContent = words.auto;
  form.addEventListener("input", () => { if (!tries) plan(); });
  form.addEventListener("compositionstart", () => { composing = true; });
  form.addEventListener("compositionend", () => {
    composing = false;
    plan();
  });
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) over = true;
    else {
      event.preventDefault();
      say(words.offline);
      plan();
    }
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  addEventListener("pagehide", () => save(true));
  addEventListener("online", () => save());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    over = false;
    if (changed()) save();
    else location.reload();
  });
  if (restored) plan();
}
