/* Lets the server's time go on from its instant at rendering; not read aloud each second. */
const JAPAN = 9 * 3_600_000;

export function start(element) {
  const ahead = Date.parse(element.dataset.now) - Date.now();
  const shown = element.querySelector("[data-clock]");
  const show = () => { shown.textContent = new Date(Date.now() + ahead + JAPAN).toISOString().slice(11, 19).replace(/^0/, ""); };
  element.querySelector("[data-said]").textContent = element.dataset.running;
  setInterval(show, 1_000);
  show();
}
