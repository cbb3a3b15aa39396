/* Keeps what is left until a deadline in words, by the server's clock: its instant at rendering and the time that ran since.
   A line is added half an hour and five minutes before the deadline and after it; nothing moves or hides. Beside a button that
   sends (data-late) only what is after it is said, and the button says what it then does. */
const EVERY = 15_000;
const HALF_HOUR = 30 * 60_000;
const FIVE_MINUTES = 5 * 60_000;

export function words(left) {
  if (left < 0) return "受付終了";
  const minutes = Math.floor(left / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return hours ? `あと${days}日 ${hours}時間` : `あと${days}日`;
  if (hours) return rest ? `あと${hours}時間 ${rest}分` : `あと${hours}時間`;
  return rest ? `あと${rest}分` : "あと1分未満";
}

export function warning(left) {
  if (left < 0) return "締切を過ぎました。これから届く応募は受け付けられません。";
  if (left <= FIVE_MINUTES) return "締切まで5分を切りました。締切までに届いた応募を受け付けます。";
  if (left <= HALF_HOUR) return "締切まで30分を切りました。早めに送信してください。";
  return "";
}

export function start(element) {
  if (document.documentElement.lang === "en") return; // there the words of the server stand until the page is loaded again
  const closes = Date.parse(element.dataset.closes);
  const ahead = Date.parse(element.dataset.now) - Date.now();
  const shown = element.querySelector("[data-left]");
  const line = element.querySelector("[data-line]");
  const { late } = element.dataset;
  const show = () => {
    const left = closes - (Date.now() + ahead);
    if (shown) shown.textContent = words(left);
    const said = late ? (left < 0 ? late : "") : warning(left);
    if (line && line.textContent !== said) line.textContent = said;
    if (left >= 0) return;
    clearInterval(timer);
    if (late) element.closest("form").querySelector(".btn").textContent = element.dataset.button;
  };
  const timer = setInterval(show, EVERY);
  show();
}
